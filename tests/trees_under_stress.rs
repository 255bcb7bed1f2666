//! Trees in which children crash, are killed and stopped all the time, while
//! others send to them: nothing that was accepted is lost, no two incarnations
//! are there at once, and everything ends.

mod support;

use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::thread;
use std::time::{Duration, Instant};

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;

/// What has become of the messages of all children.
#[derive(Default)]
struct Counts {
    handled: AtomicU64,
    crashed: AtomicU64,
    states: [AtomicU64; 6],
    most: AtomicU64,
}

#[actor]
enum Member {
    Work,
    Crash,
    #[reply(())]
    Ping,
}

struct Person {
    counts: Arc<Counts>,
    index: usize,
}

impl Person {
    fn child(counts: &Arc<Counts>, index: usize) -> Child<Member> {
        let states = counts.states[index].fetch_add(1, SeqCst) + 1;
        counts.most.fetch_max(states, SeqCst);
        let counts = Arc::clone(counts);
        Member::child(Person { counts, index })
    }
}

impl Drop for Person {
    fn drop(&mut self) {
        self.counts.states[self.index].fetch_sub(1, SeqCst);
    }
}

#[handlers]
impl MemberActor for Person {
    fn work(&mut self) {
        self.counts.handled.fetch_add(1, SeqCst);
    }
    fn crash(&mut self) -> Result<(), Failure> {
        self.counts.crashed.fetch_add(1, SeqCst);
        Err(Failure::msg("by chance"))
    }
    fn ping(&self) {}
}

const MOST: u32 = u32::MAX;

#[supervisor(strategy = one_for_all, max_restarts = MOST)]
enum Inner {
    #[child(count = 2)]
    Twin(Member),
}

#[supervisor(strategy = rest_for_one, max_restarts = MOST)]
enum Outer {
    #[child(count = 2)]
    First(Member),
    #[child]
    Inner(Inner),
    #[child(count = 2)]
    Last(Member),
}

struct Home(Arc<Counts>);

impl InnerChildren for Home {
    fn twin(&mut self, _: &InnerHandle, index: usize) -> Child<Member> {
        Person::child(&self.0, 2 + index)
    }
}

impl OuterChildren for Home {
    fn first(&mut self, _: &OuterHandle, index: usize) -> Child<Member> {
        Person::child(&self.0, index)
    }
    fn inner(&mut self, _: &OuterHandle) -> Child<Inner> {
        Inner::child(Home(Arc::clone(&self.0)))
    }
    fn last(&mut self, _: &OuterHandle, index: usize) -> Child<Member> {
        Person::child(&self.0, 4 + index)
    }
}

fn members(outer: &OuterHandle) -> Vec<MemberHandle> {
    let inner = outer.inner();
    [outer.firsts(), inner.twins(), outer.lasts()].concat()
}

/// Numbers from a seed.
fn random(state: &mut u64) -> usize {
    *state = state
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1);
    (*state >> 33) as usize
}

fn disturb(outer: &OuterHandle, members: &[MemberHandle], state: &mut u64) {
    let member = &members[random(state) % members.len()];
    match random(state) % 8 {
        0 => member.kill(),
        1 => member.stop(),
        2 => outer.inner().kill(),
        3 => outer.inner().stop(),
        _ => {
            let _ = member.crash();
        }
    }
}

#[test]
fn on_threads() {
    within(120, || {
        let system = System::builder().workers(2).build().unwrap();
        // Nothing on stderr.
        let events = system.events().capacity(1);
        let counts = Arc::new(Counts::default());
        let outer = Outer::start(&system, Home(Arc::clone(&counts)))
            .wait()
            .unwrap();
        let members = members(&outer);
        let over = Arc::new(AtomicBool::new(false));
        let senders: Vec<_> = (0..3)
            .map(|seed| {
                let (members, over) = (members.clone(), Arc::clone(&over));
                thread::spawn(move || {
                    let (mut state, mut accepted) = (seed, 0);
                    while !over.load(SeqCst) {
                        let member = &members[random(&mut state) % members.len()];
                        accepted += u64::from(member.work().is_ok());
                    }
                    accepted
                })
            })
            .collect();
        let until = Instant::now() + Duration::from_secs(3);
        let mut state = 77;
        while Instant::now() < until {
            disturb(&outer, &members, &mut state);
            if random(&mut state).is_multiple_of(50) {
                thread::sleep(Duration::from_millis(2));
            }
        }
        over.store(true, SeqCst);
        let accepted: u64 = senders
            .into_iter()
            .map(|sender| sender.join().unwrap())
            .sum();
        for member in &members {
            // Stops and crashes that are still to come may refuse a ping.
            while member.ping().wait().is_err() {
                thread::sleep(Duration::from_millis(1));
            }
        }
        assert_eq!(counts.handled.load(SeqCst), accepted);
        assert_eq!(counts.most.load(SeqCst), 1, "never two");
        let restarts: u64 = outer
            .which_children()
            .iter()
            .map(|child| child.restarts())
            .sum();
        assert!(restarts > 100, "{restarts}");
        outer.stop();
        outer.stopped().wait().unwrap();
        assert!(counts.states.iter().all(|states| states.load(SeqCst) == 0));
        assert_eq!(system.actor_count(), 0);
        drop(events);
        system.shutdown().wait().unwrap();
    });
}

/// The same in a thousand simulated orders.
#[test]
fn in_a_thousand_orders() {
    within(120, || {
        for seed in 0..1000 {
            let sim = Sim::new(seed);
            let _events = sim.system().events().capacity(1);
            let counts = Arc::new(Counts::default());
            let start = Outer::start(sim.system(), Home(Arc::clone(&counts)));
            let outer = sim.block_on(start).unwrap().unwrap();
            let members = members(&outer);
            let (mut state, mut accepted) = (seed, 0);
            for _ in 0..100 {
                for _ in 0..random(&mut state) % 8 {
                    let member = &members[random(&mut state) % members.len()];
                    accepted += u64::from(member.work().is_ok());
                }
                disturb(&outer, &members, &mut state);
                if random(&mut state).is_multiple_of(3) {
                    sim.run_until_idle();
                }
            }
            sim.run_until_idle();
            assert_eq!(counts.handled.load(SeqCst), accepted, "seed {seed}");
            assert_eq!(counts.most.load(SeqCst), 1, "seed {seed}: never two");
            let live = counts.states.iter().map(|states| states.load(SeqCst));
            assert_eq!(live.sum::<u64>(), 6, "seed {seed}: all are back");
            outer.stop();
            sim.block_on(outer.stopped()).unwrap();
            assert_eq!(sim.system().actor_count(), 0, "seed {seed}");
        }
    });
}

/// A stop may come at any moment, also in the middle of a restart.
#[test]
fn a_stop_at_any_moment_ends_everything() {
    within(120, || {
        for seed in 0..1000 {
            let sim = Sim::new(seed);
            let _events = sim.system().events().capacity(1);
            let counts = Arc::new(Counts::default());
            let start = Outer::start(sim.system(), Home(Arc::clone(&counts)));
            let outer = sim.block_on(start).unwrap().unwrap();
            let members = members(&outer);
            let mut state = seed;
            for _ in 0..random(&mut state) % 20 {
                disturb(&outer, &members, &mut state);
            }
            let asks: Vec<_> = members.iter().map(|member| member.ping().send()).collect();
            match seed % 3 {
                0 => outer.stop(),
                1 => outer.kill(),
                _ => {
                    let stopped = sim.block_on(sim.system().shutdown()).unwrap();
                    assert!(stopped.is_ok(), "seed {seed}: {stopped:?}");
                }
            }
            sim.block_on(outer.stopped()).unwrap();
            for ask in asks {
                let _ = sim.block_on(ask).unwrap();
            }
            for member in &members {
                assert!(!member.is_alive(), "seed {seed}");
            }
            assert_eq!(sim.system().actor_count(), 0, "seed {seed}");
            assert!(counts.states.iter().all(|states| states.load(SeqCst) == 0));
        }
    });
}
