//! Timers: once, in time, and never those that were taken back or belong to an
//! incarnation that has ended. Pipes likewise.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};
use zctor::{PipeKey, TimerKey};

use super::{MS, Notes, SECOND, below, promise, together};

/// Which incarnation has set it, which of its timers, and when it is due.
#[derive(Debug, Clone, Copy)]
struct Set {
    incarnation: u64,
    number: u32,
    due: Instant,
}

#[actor]
enum Clock {
    /// Sets a timer, or takes one back.
    Wind,
    #[internal]
    Ring(Set),
    #[internal]
    Tick(Set),
    #[internal]
    Piped(Set),
}

struct Hands {
    incarnation: u64,
    began: Option<Instant>,
    numbers: u32,
    waiting: BTreeSet<u32>,
    timers: Vec<(TimerKey, u32)>,
    pipes: Vec<(PipeKey, u32)>,
    ticks: u64,
    rung: Notes<u64>,
}

impl Hands {
    fn new(rung: &Notes<u64>) -> Hands {
        Hands {
            incarnation: 1,
            began: None,
            numbers: 0,
            waiting: BTreeSet::new(),
            timers: Vec::new(),
            pipes: Vec::new(),
            ticks: 0,
            rung: rung.clone(),
        }
    }

    fn set(&mut self, after: Duration, ctx: &Context<Clock>) -> Set {
        self.numbers += 1;
        self.waiting.insert(self.numbers);
        Set {
            incarnation: self.incarnation,
            number: self.numbers,
            due: ctx.now() + after,
        }
    }

    fn rings(&mut self, set: Set, now: Instant) {
        assert_eq!(set.incarnation, self.incarnation, "of an old incarnation");
        assert!(
            self.waiting.remove(&set.number),
            "twice, or taken back: {}",
            set.number
        );
        assert!(set.due <= now, "too early: {}", set.number);
        self.rung.add(self.incarnation);
    }
}

const PERIOD: Duration = Duration::from_millis(7);

#[handlers]
impl ClockActor for Hands {
    fn on_restart(&mut self, previous: zctor::Exit) {
        self.incarnation = previous.incarnation() + 1;
    }
    fn on_start(&mut self, ctx: &mut Context<Clock>) {
        self.began = Some(ctx.now());
        let set = self.set(PERIOD, ctx);
        ctx.send_every(PERIOD, move || Clock::Tick(set));
    }
    fn wind(&mut self, ctx: &mut Context<Clock>) {
        let after = MS * (ctx.random() % 10) as u32;
        match ctx.random() % 4 {
            0 | 1 => {
                let set = self.set(after, ctx);
                let key = ctx.send_after(after, Clock::Ring(set));
                self.timers.push((key, set.number));
            }
            2 => {
                let set = self.set(after, ctx);
                let sleep = ctx.system().sleep(after);
                let key = ctx.pipe(
                    async move {
                        sleep.await;
                        set
                    },
                    Clock::Piped,
                );
                self.pipes.push((key, set.number));
            }
            _ => {
                // It may have rung already, which it says.
                if let Some((key, number)) = self.timers.pop() {
                    assert_eq!(ctx.cancel(key), self.waiting.remove(&number));
                }
                if let Some((key, number)) = self.pipes.pop() {
                    assert_eq!(ctx.abort(key), self.waiting.remove(&number));
                }
            }
        }
    }
    fn ring(&mut self, value: Set, ctx: &mut Context<Clock>) {
        self.rings(value, ctx.now());
    }
    fn piped(&mut self, value: Set, ctx: &mut Context<Clock>) {
        self.rings(value, ctx.now());
    }
    fn tick(&mut self, value: Set, ctx: &mut Context<Clock>) {
        assert_eq!(value.incarnation, self.incarnation, "of an old incarnation");
        self.ticks += 1;
        let passed = ctx.now() - self.began.unwrap();
        let periods = passed.as_nanos() / PERIOD.as_nanos();
        assert!(
            u128::from(self.ticks) <= periods,
            "more often than it is due"
        );
    }
}

#[supervisor(max_restarts = 1000)]
enum Tower {
    #[child]
    Clock(Clock),
}

struct Stairs(Notes<u64>);

impl TowerChildren for Stairs {
    fn clock(&mut self, _: &TowerHandle) -> Child<Clock> {
        Clock::child(Hands::new(&self.0))
    }
}

async fn scenario(system: SimSystem) {
    let rung = Notes::default();
    let tower = Tower::start(&system, Stairs(rung.clone())).await.unwrap();
    let clock = tower.clock();
    for _ in 0..12 {
        clock.wind().unwrap();
        system.sleep(MS * below(&system, 5) as u32).await;
    }
    if below(&system, 4) == 0 {
        tower.stop();
        tower.stopped().await;
        let before = rung.len();
        system.sleep(SECOND).await;
        assert_eq!(rung.len(), before, "it has ended");
    }
}

#[test]
fn timers_of_an_old_incarnation_never_arrive() {
    let faults = Faults::new()
        .panic::<Clock>(10)
        .kill::<Clock>(20)
        .hold::<Clock>(20, 20 * MS)
        .jump_clock(50, 20 * MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        scenario,
    );
}

#[actor]
enum Bell {
    /// Says when it rang.
    #[reply(Duration)]
    RingIn(Duration),
}

struct Metal;

#[handlers]
impl BellActor for Metal {
    async fn ring_in(&mut self, value: Duration, ctx: &mut Context<Bell>) -> Duration {
        let before = ctx.now();
        ctx.system().sleep(value).await;
        ctx.now() - before
    }
}

/// Where nothing is held up, everything comes at its time.
#[test]
fn what_is_due_comes_at_its_time() {
    promise(
        1_600,
        |explorer| explorer.fail_on_crash(),
        |system| async move {
            let bells: Vec<_> = (0..4).map(|_| Bell::spawn(&system, Metal)).collect();
            let mut due = Vec::new();
            let mut rings = Vec::new();
            for bell in &bells {
                let after = MS * below(&system, 20) as u32;
                let limit = MS * (1 + below(&system, 20) as u32);
                due.push((after, limit));
                rings.push(bell.ring_in(after).timeout(limit).send());
            }
            // Looked at one after the other, some would be seen too late.
            for ((after, limit), rung) in due.into_iter().zip(together(rings).await) {
                match rung {
                    Ok(took) => assert!(took == after && after <= limit),
                    Err(error) => assert!(error.is_timeout() && after >= limit, "{error}"),
                }
            }
            assert!(system.elapsed() <= 20 * MS);
        },
    );
}
