//! A child for the tests of supervisors: it does what it is told, and writes
//! down what happens to it.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use zctor::Exit;
use zctor::prelude::*;

/// What has happened, in order.
#[derive(Clone, Default, Debug)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn say(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    /// What has been said since the last look.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

#[actor]
pub enum Hand {
    /// Writes it down.
    Note(String),
    Panic,
    Fail,
    Leave,
    LeaveFor(String),
    /// Waits for ever.
    Hang,
    /// Holds its thread for so long.
    Block(Duration),
    #[reply(u64)]
    Incarnation,
    #[reply(())]
    Ping,
}

pub struct Worker {
    pub name: String,
    pub log: Log,
    /// `on_start` fails so many times, for all incarnations together.
    pub failures: Arc<Mutex<u32>>,
    /// Whether its notes go to the log.
    pub incarnation: u64,
}

impl Worker {
    pub fn new(name: impl Into<String>, log: &Log) -> Worker {
        Worker {
            name: name.into(),
            log: log.clone(),
            failures: Arc::default(),
            incarnation: 1,
        }
    }

    pub fn failing(mut self, failures: &Arc<Mutex<u32>>) -> Worker {
        self.failures = Arc::clone(failures);
        self
    }

    fn say(&self, what: &str) {
        self.log.say(format!("{what} {}", self.name));
    }
}

#[handlers]
impl HandActor for Worker {
    fn on_restart(&mut self, previous: Exit) {
        self.incarnation = previous.incarnation() + 1;
    }

    fn on_start(&mut self) -> Result<(), Failure> {
        let mut failures = self.failures.lock().unwrap();
        if *failures > 0 {
            *failures -= 1;
            self.say("failed");
            return Err(Failure::msg("not today"));
        }
        self.say("start");
        Ok(())
    }

    fn on_stop(&mut self) {
        self.say("stop");
    }

    fn note(&mut self, value: String) {
        self.log.say(value);
    }

    fn panic(&mut self) {
        panic!("ouch");
    }

    fn fail(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("cannot"))
    }

    fn leave(&mut self, ctx: &mut Context<Hand>) {
        ctx.stop();
    }

    fn leave_for(&mut self, value: String, ctx: &mut Context<Hand>) {
        ctx.shut_down(value);
    }

    async fn hang(&mut self) {
        std::future::pending().await
    }

    fn block(&mut self, value: Duration) {
        std::thread::sleep(value);
    }

    fn incarnation(&self) -> u64 {
        self.incarnation
    }

    fn ping(&self) {}
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.say("drop");
    }
}
