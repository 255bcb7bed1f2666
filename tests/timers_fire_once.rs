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
