//! Wakers, drops and error texts are the user's code. When they panic, or call
//! back into zctor, nothing else suffers.

mod support;

use std::fmt;
use std::future::Future;
use std::panic::panic_any;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context as TaskContext, Poll, Wake, Waker};
use support::{Gate, within};
use zctor::ExitReason;
use zctor::prelude::*;

#[actor(mailbox = 1)]
enum Plain {
    Pass,
    Put(u32),
    Fail,
    #[reply(u32)]
    Ping,
    #[reply(u32)]
    Refuse,
}

#[derive(Default)]
struct State {
    gate: Gate,
    bomb: Option<Bomb>,
}

/// Panics on drop with a payload that panics on drop.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            panic_any(Bomb);
        }
    }
}

#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("no words")
    }
}

impl std::error::Error for Unspeakable {}

#[handlers]
impl PlainActor for State {
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn put(&mut self, _value: u32) {}
    fn fail(&mut self) -> Result<(), Unspeakable> {
        Err(Unspeakable)
    }
    fn ping(&self) -> u32 {
        u32::from(self.bomb.is_some())
    }
    fn refuse(&mut self) -> Result<u32, Unspeakable> {
        Err(Unspeakable)
    }
}

struct PanickingWaker;

impl Wake for PanickingWaker {
    fn wake(self: Arc<Self>) {
        panic!("a waker that panics");
    }
}

/// Calls back into zctor when it is dropped.
struct CallingWaker(PlainHandle);

impl Wake for CallingWaker {
    fn wake(self: Arc<Self>) {}
}

impl Drop for CallingWaker {
    fn drop(&mut self) {
        let _ = self.0.is_alive();
    }
}

fn poll_once<F: Future>(future: std::pin::Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut TaskContext::from_waker(waker))
}

#[test]
fn a_waker_that_panics() {
    within(10, || {
        let system = System::new().unwrap();
        let state = State::default();
        let gate = state.gate.clone();
        let plain = Plain::spawn(&system, state);
        plain.pass().wait().unwrap();
        gate.await_arrival();
        plain.put(1).try_now().unwrap();
        let waker = Waker::from(Arc::new(PanickingWaker));
        let mut stopped = pin!(plain.stopped());
        let mut started = pin!(plain.started());
        let mut waiting = Box::pin(plain.put(2));
        assert!(poll_once(started.as_mut(), &waker).is_ready());
        assert!(poll_once(stopped.as_mut(), &waker).is_pending());
        assert!(poll_once(waiting.as_mut(), &waker).is_pending());
        gate.open();
        drop(waiting);
        assert_eq!(plain.ping().wait().unwrap(), 0, "the actor lives");
        plain.stop();
        assert!(matches!(
            plain.stopped().wait().unwrap(),
            ExitReason::Normal
        ));
    });
}

#[test]
fn a_waker_that_calls_back_when_it_is_dropped() {
    within(10, || {
        let system = System::new().unwrap();
        let plain = Plain::spawn(&system, State::default());
        plain.started().wait().unwrap();
        {
            let mut stopped = pin!(plain.stopped());
            let waker = Waker::from(Arc::new(CallingWaker(plain.clone())));
            assert!(poll_once(stopped.as_mut(), &waker).is_pending());
            drop(waker);
            // Replaces it, which drops it.
            assert!(poll_once(stopped.as_mut(), Waker::noop()).is_pending());
            let waker = Waker::from(Arc::new(CallingWaker(plain.clone())));
            assert!(poll_once(stopped.as_mut(), &waker).is_pending());
        }
        assert!(plain.is_alive());
    });
}

#[test]
fn a_state_whose_drop_panics_with_a_payload_whose_drop_panics() {
    within(10, || {
        let system = System::new().unwrap();
        let plain = Plain::spawn(
            &system,
            State {
                bomb: Some(Bomb),
                ..State::default()
            },
        );
        assert_eq!(plain.ping().wait().unwrap(), 1);
        plain.kill();
        assert!(matches!(
            plain.stopped().wait().unwrap(),
            ExitReason::Killed
        ));
        assert_eq!(system.actor_count(), 0);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn an_error_whose_text_panics() {
    within(10, || {
        let system = System::new().unwrap();
        let plain = Plain::spawn(&system, State::default());
        plain.fail().wait().unwrap();
        assert!(matches!(
            plain.stopped().wait().unwrap(),
            ExitReason::Crashed(_)
        ));
        system.shutdown().wait().unwrap();
    });
}

/// Whoever has asked is told of the crash all the same, and so is whoever comes later.
#[test]
fn an_error_whose_text_panics_and_that_others_are_told() {
    within(10, || {
        let system = System::new().unwrap();
        let plain = Plain::spawn(&system, State::default());
        let error = plain.refuse().wait().unwrap_err();
        let text = "`Refuse` was not answered: the actor Plain#1 crashed in the handler of `Refuse`: an error that cannot be shown";
        assert_eq!(error.to_string(), text);
        let reason = plain.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Crashed(_)), "it was caught");
        for error in [
            plain.put(1).wait().unwrap_err().to_string(),
            plain.ping().wait().unwrap_err().to_string(),
        ] {
            assert!(error.ends_with("an error that cannot be shown"), "{error}");
        }
        system.shutdown().wait().unwrap();
    });
}

thread_local! {
    static KEPT: std::cell::RefCell<Vec<(PlainHandle, System)>> = const { std::cell::RefCell::new(Vec::new()) };
}

#[test]
fn a_handle_and_a_system_kept_until_the_end_of_a_thread() {
    within(20, || {
        for _ in 0..10 {
            std::thread::spawn(|| {
                KEPT.with_borrow_mut(|kept| {
                    let system = System::builder().workers(1).build().unwrap();
                    let plain = Plain::spawn(&system, State::default());
                    plain.ping().wait().unwrap();
                    kept.push((plain, system));
                });
            })
            .join()
            .unwrap();
        }
    });
}
