//! A protocol for pools: a counter that says what it is asked to be.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use zctor::prelude::*;
use zctor::{ActorPool, Exit};

use crate::support::{Gate, eventually};

#[actor]
#[derive(Clone)]
pub enum Counter {
    Add {
        by: u64,
    },
    Hold(Gate),
    Hang,
    Crash,
    /// Which worker it is, and its incarnation.
    #[reply((usize, u64))]
    Who,
    #[reply(u64)]
    Get,
}

#[derive(Clone, Default)]
pub struct Books {
    pub made: Arc<AtomicU64>,
    pub handled: Arc<AtomicU64>,
    pub gone: Arc<AtomicU64>,
    /// So many starts fail.
    pub failures: Arc<AtomicU64>,
}

pub struct Tally {
    pub index: usize,
    pub incarnation: u64,
    pub sum: u64,
    pub books: Books,
}

impl Drop for Tally {
    fn drop(&mut self) {
        self.books.gone.fetch_add(1, SeqCst);
    }
}

#[handlers]
impl CounterActor for Tally {
    fn on_start(&mut self) -> Result<(), Failure> {
        let less = |left: u64| left.checked_sub(1);
        match self.books.failures.fetch_update(SeqCst, SeqCst, less) {
            Ok(_) => Err(Failure::msg("not today")),
            Err(_) => Ok(()),
        }
    }
    fn on_restart(&mut self, previous: Exit) {
        self.incarnation = previous.incarnation() + 1;
    }
    fn add(&mut self, by: u64) {
        self.sum += by;
        self.books.handled.fetch_add(1, SeqCst);
    }
    fn hold(&mut self, value: Gate) {
        value.pass();
    }
    async fn hang(&mut self) {
        std::future::pending().await
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("on purpose"))
    }
    fn who(&self) -> (usize, u64) {
        (self.index, self.incarnation)
    }
    fn get(&self) -> u64 {
        self.sum
    }
}

impl Books {
    /// What makes the states of a pool.
    pub fn factory(&self) -> impl FnMut(usize) -> Tally + Send + 'static {
        let books = self.clone();
        move |index| {
            books.made.fetch_add(1, SeqCst);
            Tally {
                index,
                incarnation: 1,
                sum: 0,
                books: books.clone(),
            }
        }
    }

    pub fn handled(&self) -> u64 {
        self.handled.load(SeqCst)
    }
}

pub fn quiet() -> System {
    System::builder().workers(2).quiet().build().unwrap()
}

pub fn pool(system: &System, size: usize) -> ActorPool<Counter> {
    let pool = Counter::pool(system, size, Books::default().factory());
    pool.started().wait().unwrap();
    pool
}

/// Keeps a worker with a mailbox of one busy, and its mailbox full.
pub fn fill(worker: &CounterHandle) {
    worker.hang().unwrap();
    eventually("it is at work", || worker.queued() == 0);
    worker.add(1).unwrap();
}

pub fn index(worker: &CounterHandle) -> usize {
    worker.who().wait().unwrap().0
}
