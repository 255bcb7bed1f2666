//! A full mailbox does what its policy says, to the right message.

mod support;

use std::future::Future;
use std::pin::pin;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context as TaskContext, Poll, Waker};
use std::thread::{self, JoinHandle};
use support::{Gate, within};
use zctor::prelude::*;

/// Passes its gate before each number, and then reports it.
struct Slow {
    gate: Gate,
    handled: Sender<u32>,
}

fn slow() -> (Slow, Gate, Receiver<u32>) {
    let (handled, numbers) = channel();
    let gate = Gate::default();
    (
        Slow {
            gate: gate.clone(),
            handled,
        },
        gate,
        numbers,
    )
}

macro_rules! protocol {
    ($name:ident, $actor:ident, $overflow:ident) => {
        #[actor(mailbox = 4, overflow = $overflow)]
        enum $name {
            Number(u32),
            #[reply(u32)]
            Ask(u32),
        }

        #[handlers]
        impl $actor for Slow {
            fn number(&mut self, value: u32) {
                self.gate.pass();
                let _ = self.handled.send(value);
            }
            fn ask(&mut self, value: u32) -> u32 {
                value
            }
        }
    };
}

protocol!(Rejecting, RejectingActor, reject);
protocol!(Newest, NewestActor, drop_newest);
protocol!(Oldest, OldestActor, drop_oldest);
protocol!(Waiting, WaitingActor, wait);

#[test]
fn reject_gives_the_message_back() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = slow();
        let actor = Rejecting::spawn(&system, state);
        actor.number(0).unwrap();
        gate.await_arrival();
        for number in 1..=4 {
            actor.number(number).unwrap();
        }
        let error = actor.number(5).unwrap_err();
        assert!(error.is_full());
        assert_eq!(
            error.to_string(),
            "`Number` was not delivered: the mailbox of Rejecting#1 is full"
        );
        assert!(matches!(error.into_message(), Rejecting::Number(5)));
        assert!(matches!(
            actor.ask(6).wait(),
            Err(AskError::Full { message: "Ask", .. })
        ));
        gate.open();
        let handled: Vec<_> = numbers.iter().take(5).collect();
        assert_eq!(handled, [0, 1, 2, 3, 4]);
        assert_eq!(actor.dropped(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn drop_newest_drops_the_one_that_comes() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = slow();
        let actor = Newest::spawn(&system, state);
        actor.number(0).unwrap();
        gate.await_arrival();
        for number in 1..=7 {
            actor.number(number).unwrap();
        }
        assert_eq!(actor.dropped(), 3);
        assert!(matches!(actor.ask(8).wait(), Err(AskError::Full { .. })));
        gate.open();
        let handled: Vec<_> = numbers.iter().take(5).collect();
        assert_eq!(handled, [0, 1, 2, 3, 4]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn drop_oldest_drops_the_one_that_waited_longest() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, numbers) = slow();
        let actor = Oldest::spawn(&system, state);
        actor.number(0).unwrap();
        gate.await_arrival();
        let evicted = actor.ask(99).send();
        for number in 1..=7 {
            actor.number(number).unwrap();
        }
        assert!(matches!(
            evicted.wait(),
            Err(AskError::Full { message: "Ask", .. })
        ));
        assert_eq!(actor.dropped(), 4);
        gate.open();
        let handled: Vec<_> = numbers.iter().take(5).collect();
        assert_eq!(handled, [0, 4, 5, 6, 7]);
        system.shutdown().wait().unwrap();
    });
}

/// An actor that is at message 0, and has messages 1 to 4 in its full mailbox.
fn waiting_with_four_queued(system: &System) -> (WaitingHandle, Gate, Receiver<u32>) {
    let (state, gate, numbers) = slow();
    let actor = Waiting::spawn(system, state);
    actor.number(0).wait().unwrap();
    gate.await_arrival();
    for number in 1..=4 {
        actor.number(number).try_now().unwrap();
    }
    (actor, gate, numbers)
}

fn tell_five_from_a_thread(actor: &WaitingHandle) -> JoinHandle<Result<(), TellError<Waiting>>> {
    let actor = actor.clone();
    thread::spawn(move || actor.number(5).wait())
}

#[test]
fn wait_waits_and_tell_does_not() {
    within(20, || {
        let system = System::new().unwrap();
        let (actor, gate, numbers) = waiting_with_four_queued(&system);
        let error = actor.number(5).try_now().unwrap_err();
        assert!(error.is_full() && matches!(error.into_message(), Waiting::Number(5)));
        assert!(actor.tell(Waiting::Number(5)).unwrap_err().is_full());
        let waiting = tell_five_from_a_thread(&actor);
        gate.open();
        waiting.join().unwrap().unwrap();
        let handled: Vec<_> = numbers.iter().take(6).collect();
        assert_eq!(handled, [0, 1, 2, 3, 4, 5]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_cancelled_tell_delivers_nothing_and_passes_its_turn_on() {
    within(20, || {
        let system = System::new().unwrap();
        let (actor, gate, numbers) = waiting_with_four_queued(&system);
        {
            let mut cx = TaskContext::from_waker(Waker::noop());
            let mut cancelled = pin!(actor.number(666));
            assert!(matches!(cancelled.as_mut().poll(&mut cx), Poll::Pending));
        }
        let waiting = tell_five_from_a_thread(&actor);
        gate.open();
        waiting.join().unwrap().unwrap();
        let handled: Vec<_> = numbers.iter().take(6).collect();
        assert_eq!(handled, [0, 1, 2, 3, 4, 5]);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn one_that_was_woken_and_then_cancelled_passes_its_turn_on() {
    within(20, || {
        let system = System::new().unwrap();
        let (actor, gate, numbers) = waiting_with_four_queued(&system);
        let mut cx = TaskContext::from_waker(Waker::noop());
        let mut woken: Vec<_> = (0..4).map(|_| Box::pin(actor.number(666))).collect();
        for tell in &mut woken {
            assert!(tell.as_mut().poll(&mut cx).is_pending());
        }
        let waiting = tell_five_from_a_thread(&actor);
        thread::sleep(std::time::Duration::from_millis(50));
        // All places become free; the four that are first in line are woken,
        // and nobody polls them.
        gate.open();
        let handled: Vec<_> = numbers.iter().take(5).collect();
        assert_eq!(handled, [0, 1, 2, 3, 4]);
        drop(woken);
        waiting.join().unwrap().unwrap();
        assert_eq!(numbers.recv().unwrap(), 5);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn those_who_wait_for_room_are_told_when_the_actor_ends() {
    within(20, || {
        let system = System::new().unwrap();
        let (actor, gate, _numbers) = waiting_with_four_queued(&system);
        let waiting = tell_five_from_a_thread(&actor);
        actor.stop();
        let error = waiting.join().unwrap().unwrap_err();
        assert!(!error.is_full());
        assert!(matches!(error.into_message(), Waiting::Number(5)));
        gate.open();
        actor.stopped().wait().unwrap();
        system.shutdown().wait().unwrap();
    });
}

#[actor]
enum Plain {
    Number(u32),
}

#[handlers]
impl PlainActor for Slow {
    fn number(&mut self, _value: u32) {
        self.gate.pass();
    }
}

#[test]
fn a_builder_bounds_an_unbounded_mailbox_by_rejecting() {
    within(20, || {
        let system = System::new().unwrap();
        let (state, gate, _numbers) = slow();
        let actor = Plain::builder(state).mailbox(1).spawn(&system).unwrap();
        actor.number(0).unwrap();
        gate.await_arrival();
        actor.number(1).unwrap();
        assert!(actor.number(2).unwrap_err().is_full());
        gate.open();
        system.shutdown().wait().unwrap();
    });
}

/// `from` counts down by sending to itself into a mailbox that is full.
#[actor(mailbox = 1, overflow = reject)]
enum Selfish {
    Begin(u32),
    #[internal]
    Step(u32),
}

struct Steps(Sender<u32>);

#[handlers]
impl SelfishActor for Steps {
    fn begin(&mut self, value: u32, ctx: &mut Context<Selfish>) -> Result<(), Failure> {
        for number in 0..value {
            ctx.send(Selfish::Step(number))?;
        }
        Ok(())
    }
    fn step(&mut self, value: u32) {
        let _ = self.0.send(value);
    }
}

#[test]
fn what_an_actor_sends_to_itself_is_never_evicted() {
    within(20, || {
        let system = System::new().unwrap();
        let (steps, numbers) = channel();
        let gate = Gate::default();
        let loyal = Loyal::spawn(
            &system,
            Keeper {
                gate: gate.clone(),
                steps,
            },
        );
        loyal.begin().unwrap();
        gate.await_arrival();
        // The mailbox has its two places for others.
        for number in 100..110 {
            loyal.step(number).unwrap();
        }
        assert_eq!(loyal.dropped(), 8);
        gate.open();
        let mut handled: Vec<_> = numbers.iter().take(12).collect();
        handled.sort_unstable();
        assert_eq!(handled, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 108, 109]);
        system.shutdown().wait().unwrap();
    });
}

#[actor(mailbox = 2, overflow = drop_oldest)]
enum Loyal {
    Begin,
    Step(u32),
}

struct Keeper {
    gate: Gate,
    steps: Sender<u32>,
}

#[handlers]
impl LoyalActor for Keeper {
    fn begin(&mut self, ctx: &mut Context<Loyal>) -> Result<(), Failure> {
        for number in 0..10 {
            ctx.send(Loyal::Step(number))?;
        }
        self.gate.pass();
        Ok(())
    }
    fn step(&mut self, value: u32) {
        let _ = self.steps.send(value);
    }
}

#[test]
fn what_an_actor_sends_to_itself_is_outside_capacity() {
    within(20, || {
        let system = System::new().unwrap();
        let (steps, numbers) = channel();
        let actor = Selfish::spawn(&system, Steps(steps));
        actor.begin(10).unwrap();
        assert_eq!(
            numbers.iter().take(10).collect::<Vec<_>>(),
            (0..10).collect::<Vec<_>>()
        );
        system.shutdown().wait().unwrap();
    });
}
