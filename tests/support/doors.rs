//! A state whose readiness is told from outside.

#![allow(dead_code, unreachable_pub, reason = "each test uses a part of it")]

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

/// What a `Doors` reports.
pub type Log = Receiver<(&'static str, u32)>;

/// Opens and closes by message; counts how often it is asked.
pub struct Doors {
    pub open: [bool; 3],
    pub asked: Arc<[AtomicU32; 3]>,
    pub log: Sender<(&'static str, u32)>,
}

/// A state with all doors closed, how often it was asked for each, and its log.
pub fn doors() -> (Doors, Arc<[AtomicU32; 3]>, Log) {
    let (log, seen) = channel();
    let asked = Arc::<[AtomicU32; 3]>::default();
    let state = Doors {
        open: [false; 3],
        asked: Arc::clone(&asked),
        log,
    };
    (state, asked, seen)
}

/// A protocol whose messages `A`, `B` and `Ask` wait at one door each.
macro_rules! doors_protocol {
    ($name:ident, $actor:ident, $kind:ident $(, $option:ident = $value:expr)*) => {
        #[actor($($option = $value),*)]
        enum $name {
            A(u32),
            B(u32),
            #[reply(u32)]
            Ask(u32),
            #[priority(high)]
            Open(usize),
            #[priority(high)]
            Close(usize),
        }
        #[handlers]
        impl $actor for $crate::doors::Doors {
            fn ready(&self, next: $kind) -> bool {
                let door = match next {
                    $kind::A => 0,
                    $kind::B => 1,
                    $kind::Ask => 2,
                    _ => return true,
                };
                self.asked[door].fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                self.open[door]
            }
            fn a(&mut self, value: u32) {
                let _ = self.log.send(("a", value));
            }
            fn b(&mut self, value: u32) {
                let _ = self.log.send(("b", value));
            }
            fn ask(&mut self, value: u32) -> u32 {
                let _ = self.log.send(("ask", value));
                value
            }
            fn open(&mut self, value: usize) {
                self.open[value] = true;
                let _ = self.log.send(("open", 0));
            }
            fn close(&mut self, value: usize) {
                self.open[value] = false;
                let _ = self.log.send(("close", 0));
            }
        }
    };
}
pub(crate) use doors_protocol;

/// Waits until the actor has opened or closed a door, and so has looked at
/// everything that came before.
pub fn expect(log: &Log, what: &'static str) {
    assert_eq!(log.recv_timeout(Duration::from_secs(10)), Ok((what, 0)));
}

/// The next entries of the log.
pub fn take(log: &Log, count: usize) -> Vec<(&'static str, u32)> {
    (0..count)
        .map(|_| log.recv_timeout(Duration::from_secs(10)).unwrap())
        .collect()
}
