//! Timers fire when they are due, as often as they should, and never after
//! they were cancelled.

mod support;

use std::sync::mpsc::{Sender, channel};
use std::thread::sleep;
use std::time::{Duration, Instant};
use support::within;
use zctor::TimerKey;
use zctor::prelude::*;

const MS: Duration = Duration::from_millis(1);

#[actor(mailbox = 4, overflow = reject)]
enum Alarm {
    Once(u32),
    /// A one-shot that is cancelled at once.
    Cancelled,
    /// A one-shot that goes off while its cancellation is in progress.
    CancelledLate,
    Every(u32),
    StopRepeating,
    Far,
    #[internal]
    Ring(u32),
    #[reply(())]
    Ping,
}

struct Clock {
    rings: Sender<(u32, Instant)>,
    repeating: Option<TimerKey>,
    ringing_takes: Duration,
}

#[handlers]
impl AlarmActor for Clock {
    fn once(&mut self, value: u32, ctx: &mut Context<Alarm>) {
        ctx.send_after(20 * MS, Alarm::Ring(value));
    }
    fn cancelled(&mut self, ctx: &mut Context<Alarm>) {
        let timer = ctx.send_after(5 * MS, Alarm::Ring(666));
        assert!(ctx.cancel(timer));
        assert!(!ctx.cancel(timer));
    }
    fn cancelled_late(&mut self, ctx: &mut Context<Alarm>) {
        let timer = ctx.send_after(MS, Alarm::Ring(667));
        // It goes off now, and its tick waits.
        sleep(30 * MS);
        assert!(ctx.cancel(timer));
    }
    fn every(&mut self, value: u32, ctx: &mut Context<Alarm>) {
        self.repeating = Some(ctx.send_every(10 * MS, move || Alarm::Ring(value)));
    }
    fn stop_repeating(&mut self, ctx: &mut Context<Alarm>) {
        let timer = self.repeating.take().unwrap();
        assert!(ctx.cancel(timer));
        assert!(!ctx.cancel(timer));
    }
    fn far(&mut self, ctx: &mut Context<Alarm>) {
        ctx.send_after(Duration::MAX, Alarm::Ring(1));
        ctx.send_every(Duration::MAX, || Alarm::Ring(2));
    }
    fn ring(&mut self, value: u32, ctx: &mut Context<Alarm>) {
        let _ = self.rings.send((value, ctx.now()));
        sleep(std::mem::take(&mut self.ringing_takes));
    }
    fn ping(&self) {}
}

fn clock(
    ringing_takes: Duration,
) -> (
    System,
    AlarmHandle,
    std::sync::mpsc::Receiver<(u32, Instant)>,
) {
    let (rings, rung) = channel();
    let system = System::new().unwrap();
    let alarm = Alarm::spawn(
        &system,
        Clock {
            rings,
            repeating: None,
            ringing_takes,
        },
    );
    (system, alarm, rung)
}

#[test]
fn a_one_shot_fires_once_and_not_early() {
    within(20, || {
        let (_system, alarm, rung) = clock(Duration::ZERO);
        let set = Instant::now();
        alarm.once(7).unwrap();
        let (value, at) = rung.recv().unwrap();
        assert_eq!(value, 7);
        assert!(at - set >= 20 * MS);
        sleep(60 * MS);
        assert!(rung.try_recv().is_err());
        drop(alarm);
    });
}

#[test]
fn a_cancelled_one_never_fires_even_if_its_tick_waits() {
    within(20, || {
        let (_system, alarm, rung) = clock(Duration::ZERO);
        alarm.cancelled().unwrap();
        alarm.ping().wait().unwrap();
        alarm.cancelled_late().unwrap();
        sleep(80 * MS);
        assert!(rung.try_recv().is_err());
        assert!(alarm.is_alive(), "no assertion in a handler failed");
        drop(alarm);
    });
}

#[test]
fn an_interval_repeats_until_it_is_cancelled() {
    within(20, || {
        let (_system, alarm, rung) = clock(Duration::ZERO);
        let set = Instant::now();
        alarm.every(1).unwrap();
        let times: Vec<_> = rung.iter().take(4).map(|(_, at)| at).collect();
        for (number, at) in (1u32..).zip(&times) {
            assert!(*at - set >= 10 * MS * number, "tick {number} came early");
        }
        alarm.stop_repeating().unwrap();
        alarm.ping().wait().unwrap();
        while rung.try_recv().is_ok() {}
        sleep(50 * MS);
        assert!(rung.try_recv().is_err());
        assert!(alarm.is_alive());
        drop(alarm);
    });
}

#[test]
fn a_slow_handler_gets_no_burst_and_does_not_starve_the_mailbox() {
    within(20, || {
        // The first ring takes ten periods.
        let (_system, alarm, rung) = clock(100 * MS);
        let set = Instant::now();
        alarm.every(1).unwrap();
        let rings: Vec<_> = (0..5).map(|_| rung.recv().unwrap().1).collect();
        assert!(rings[0] - set >= 10 * MS);
        assert!(rings[1] - rings[0] >= 100 * MS);
        // Ten ticks were missed: one of them waited, the others are left out,
        // and the next come on whole periods.
        assert!(rings[4] - rings[1] >= 20 * MS, "a burst: {rings:?}");
        alarm.ping().wait().unwrap();
        assert!(alarm.is_alive());
        alarm.kill();
    });
}

#[test]
fn a_timer_does_not_keep_its_actor_alive() {
    within(20, || {
        let (system, alarm, rung) = clock(Duration::ZERO);
        alarm.every(1).unwrap();
        rung.recv().unwrap();
        let stopped = alarm.stopped();
        drop(alarm);
        assert!(stopped.wait().unwrap().is_orderly());
        assert!(
            rung.recv_timeout(Duration::from_secs(5)).is_err(),
            "the state was dropped"
        );
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn the_longest_delay_never_comes() {
    within(20, || {
        let (_system, alarm, rung) = clock(Duration::ZERO);
        alarm.far().unwrap();
        alarm.ping().wait().unwrap();
        sleep(20 * MS);
        assert!(rung.try_recv().is_err());
        assert!(alarm.is_alive());
        drop(alarm);
    });
}

#[actor(mailbox = 4, overflow = reject)]
enum Named {
    /// Sets the timer "a" so many times, to ring with the last value.
    SetAgain(u32),
    /// Sets it, lets it go off, and sets it again.
    SetLate,
    SetAndCancel,
    Others,
    Every,
    Reset(Duration),
    NoReset,
    Pass(Duration),
    #[internal]
    Ring(u32),
    #[internal]
    Quiet,
    #[reply(())]
    Ping,
}

struct Desk {
    rings: Sender<(u32, Instant)>,
    ticks: u32,
}

#[handlers]
impl NamedActor for Desk {
    fn set_again(&mut self, value: u32, ctx: &mut Context<Named>) {
        for number in 1..=value {
            ctx.timer("a").after(5 * MS, Named::Ring(number));
        }
        assert!(ctx.timer("a").is_set() && !ctx.timer("b").is_set());
    }
    fn set_late(&mut self, ctx: &mut Context<Named>) {
        ctx.timer("a").after(MS, Named::Ring(1));
        // It goes off now, and its tick waits.
        sleep(30 * MS);
        ctx.timer("a").after(5 * MS, Named::Ring(2));
    }
    fn set_and_cancel(&mut self, ctx: &mut Context<Named>) {
        ctx.timer("a").every(MS, || Named::Ring(1));
        sleep(10 * MS);
        assert!(ctx.timer("a").cancel());
        assert!(!ctx.timer("a").cancel());
        let key = ctx.timer("b").after(MS, Named::Ring(2));
        assert!(ctx.cancel(key) && !ctx.timer("b").is_set());
    }
    fn others(&mut self, ctx: &mut Context<Named>) {
        ctx.timer(("order", 1)).after(10 * MS, Named::Ring(1));
        ctx.timer(("order", 2)).after(10 * MS, Named::Ring(2));
        ctx.timer(7).after(10 * MS, Named::Ring(3));
        assert!(ctx.timer(("order", 1)).cancel());
        assert!(!ctx.timer("order").cancel() && !ctx.timer(1).cancel());
    }
    fn every(&mut self, ctx: &mut Context<Named>) {
        ctx.timer("a").every(2 * MS, || Named::Ring(8));
        ctx.timer("a").every(2 * MS, || Named::Ring(9));
    }
    fn reset(&mut self, value: Duration, ctx: &mut Context<Named>) {
        ctx.set_receive_timeout(value, || Named::Quiet);
    }
    fn no_reset(&mut self, ctx: &mut Context<Named>) {
        assert!(ctx.clear_receive_timeout());
        assert!(!ctx.clear_receive_timeout());
    }
    fn pass(&mut self, value: Duration, ctx: &mut Context<Named>) {
        sleep(value);
        let _ = self.rings.send((500, ctx.now()));
    }
    fn ring(&mut self, value: u32, ctx: &mut Context<Named>) {
        assert!(value > 7 || !ctx.timer("a").is_set());
        self.ticks += 1;
        if value == 9 && self.ticks == 5 {
            assert!(ctx.timer("a").cancel());
        }
        let _ = self.rings.send((value, ctx.now()));
    }
    fn quiet(&mut self, ctx: &mut Context<Named>) {
        let _ = self.rings.send((1000, ctx.now()));
    }
    fn ping(&self) {}
}

fn desk() -> (
    System,
    NamedHandle,
    std::sync::mpsc::Receiver<(u32, Instant)>,
) {
    let (rings, rung) = channel();
    let system = System::new().unwrap();
    let named = Named::spawn(&system, Desk { rings, ticks: 0 });
    (system, named, rung)
}

#[test]
fn there_is_one_timer_of_a_name() {
    within(20, || {
        let (_system, named, rung) = desk();
        named.set_again(100).unwrap();
        assert_eq!(rung.recv().unwrap().0, 100);
        named.set_late().unwrap();
        assert_eq!(rung.recv().unwrap().0, 2);
        named.set_and_cancel().unwrap();
        named.others().unwrap();
        let mut rings = [rung.recv().unwrap().0, rung.recv().unwrap().0];
        rings.sort_unstable();
        assert_eq!(rings, [2, 3]);
        sleep(40 * MS);
        assert!(rung.try_recv().is_err());
        assert!(named.is_alive(), "no assertion in a handler failed");
        drop(named);
    });
}

#[test]
fn an_interval_with_a_name_is_replaced_too() {
    within(20, || {
        let (_system, named, rung) = desk();
        named.every().unwrap();
        (0..5).for_each(|_| assert_eq!(rung.recv().unwrap().0, 9));
        sleep(30 * MS);
        assert!(rung.try_recv().is_err());
        assert!(named.is_alive());
        drop(named);
    });
}

#[test]
fn a_receive_timeout_comes_when_nothing_was_handled_for_that_long() {
    within(20, || {
        let (_system, named, rung) = desk();
        named.pass(MS).unwrap();
        named.reset(40 * MS).unwrap();
        // It comes, and comes again.
        let mut log: Vec<_> = rung.iter().take(3).collect();
        let kinds: Vec<_> = log.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, [500, 1000, 1000]);
        for (handler_takes, all) in [(8 * MS, 6), (90 * MS, 11)] {
            for _ in 0..5 {
                sleep(10 * MS);
                while named.pass(handler_takes).is_err() {}
            }
            // It comes when they have been handled.
            loop {
                log.push(rung.recv().unwrap());
                let passed = log.iter().filter(|(kind, _)| *kind == 500).count();
                if passed == all && log.last().is_some_and(|(kind, _)| *kind == 1000) {
                    break;
                }
            }
        }
        // Whatever came before it, its handler had returned so long before.
        for pair in log.windows(2).filter(|pair| pair[1].0 == 1000) {
            let quiet = pair[1].1 - pair[0].1;
            assert!(quiet >= 40 * MS, "{quiet:?}");
        }
        while named.no_reset().is_err() {}
        while named.ping().wait().is_err() {}
        while rung.try_recv().is_ok() {}
        sleep(100 * MS);
        assert!(rung.try_recv().is_err());
        assert!(named.is_alive());
        drop(named);
    });
}

#[test]
fn a_receive_timeout_does_not_keep_its_actor_alive() {
    within(20, || {
        let (_system, named, _rung) = desk();
        named.reset(3600 * 1000 * MS).unwrap();
        named.ping().wait().unwrap();
        let stopped = named.stopped();
        drop(named);
        assert!(stopped.wait().unwrap().is_orderly());
    });
}
