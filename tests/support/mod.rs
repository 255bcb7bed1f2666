//! What the tests share.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs a test with a time limit: a hang is a failure.
pub fn within(seconds: u64, test: impl FnOnce() + Send + 'static) {
    let (done, finished) = mpsc::channel();
    // Under the name of the test, which reports of explorations tell.
    let name = thread::current().name().unwrap_or("test").to_owned();
    let runner = thread::Builder::new().name(name).spawn(move || {
        test();
        let _ = done.send(());
    });
    let runner = runner.expect("a thread for the test");
    match finished.recv_timeout(Duration::from_secs(seconds)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("the test hangs: {seconds} s are over"),
        Ok(()) | Err(mpsc::RecvTimeoutError::Disconnected) => {}
    }
    if let Err(panic) = runner.join() {
        std::panic::resume_unwind(panic);
    }
}

/// A gate for handlers: closed until it is opened, then open for ever.
#[derive(Clone, Default)]
pub struct Gate(std::sync::Arc<(std::sync::Mutex<GateState>, std::sync::Condvar)>);

#[derive(Default)]
struct GateState {
    open: bool,
    arrived: bool,
}

impl Gate {
    pub fn open(&self) {
        self.0.0.lock().unwrap().open = true;
        self.0.1.notify_all();
    }

    /// Blocks the thread until the gate is open.
    pub fn pass(&self) {
        let mut state = self.0.0.lock().unwrap();
        state.arrived = true;
        self.0.1.notify_all();
        while !state.open {
            state = self.0.1.wait(state).unwrap();
        }
    }

    /// Only says that somebody has come.
    pub fn arrive(&self) {
        self.0.0.lock().unwrap().arrived = true;
        self.0.1.notify_all();
    }

    /// Waits until somebody has come to the gate.
    pub fn await_arrival(&self) {
        let mut state = self.0.0.lock().unwrap();
        while !state.arrived {
            state = self.0.1.wait(state).unwrap();
        }
    }
}

/// Waits until `condition` holds.
pub fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    for _ in 0..5_000 {
        if condition() {
            return;
        }
        thread::sleep(Duration::from_millis(1));
    }
    panic!("not within 5 s: {what}");
}
