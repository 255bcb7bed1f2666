//! Order from one sender to one actor is kept, and no message is lost or
//! doubled, whatever the mailbox.

mod support;

use std::collections::HashMap;
use std::thread;
use support::within;
use zctor::prelude::*;

const SENDERS: usize = 8;
const EACH: u64 = 100_000;

/// Checks that each sender's numbers come one after the other.
#[derive(Default)]
struct Checker {
    next: HashMap<usize, u64>,
    total: u64,
    /// The first message out of order.
    wrong: Option<(usize, u64)>,
}

impl Checker {
    fn see(&mut self, sender: usize, number: u64) {
        let next = self.next.entry(sender).or_default();
        if *next != number {
            self.wrong.get_or_insert((sender, number));
        }
        *next = number + 1;
        self.total += 1;
    }

    fn verdict(&self) -> Verdict {
        Verdict {
            total: self.total,
            wrong: self.wrong,
        }
    }
}

#[derive(Debug, PartialEq)]
struct Verdict {
    total: u64,
    wrong: Option<(usize, u64)>,
}

macro_rules! protocol {
    ($name:ident, $actor:ident, $mailbox:expr) => {
        #[actor(mailbox = $mailbox)]
        enum $name {
            Number {
                sender: usize,
                number: u64,
            },
            #[reply(Verdict)]
            Verdict,
        }

        #[handlers]
        impl $actor for Checker {
            fn number(&mut self, sender: usize, number: u64) {
                self.see(sender, number);
            }
            async fn verdict(&self) -> Verdict {
                Checker::verdict(self)
            }
        }
    };
}

protocol!(Free, FreeActor, unbounded);
protocol!(LockFree, LockFreeActor, lock_free);
protocol!(Bounded, BoundedActor, 64);
protocol!(Ring, RingActor, lock_free(64));

fn all_senders(send: impl Fn(usize, u64) + Sync, each: u64) {
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let send = &send;
            scope.spawn(move || (0..each).for_each(|number| send(sender, number)));
        }
    });
}

macro_rules! unbounded {
    ($test:ident, $name:ident) => {
        #[test]
        fn $test() {
            within(120, || {
                let system = System::new().unwrap();
                let checker = $name::spawn(&system, Checker::default());
                all_senders(
                    |sender, number| checker.number(sender, number).unwrap(),
                    EACH,
                );
                assert_eq!(checker.verdict().wait().unwrap(), all(EACH));
                system.shutdown().wait().unwrap();
            });
        }
    };
}

macro_rules! bounded {
    ($test:ident, $name:ident, $capacity:expr, $each:expr) => {
        #[test]
        fn $test() {
            within(240, || {
                let system = System::new().unwrap();
                let builder = $name::builder(Checker::default()).mailbox($capacity);
                let checker = builder.spawn(&system).unwrap();
                all_senders(
                    |sender, number| checker.number(sender, number).wait().unwrap(),
                    $each,
                );
                assert_eq!(checker.verdict().wait().unwrap(), all($each));
                system.shutdown().wait().unwrap();
            });
        }
    };
}

/// In order, and complete.
fn all(each: u64) -> Verdict {
    Verdict {
        total: SENDERS as u64 * each,
        wrong: None,
    }
}

unbounded!(in_an_unbounded_mailbox, Free);
unbounded!(in_a_mailbox_without_a_lock, LockFree);
bounded!(in_a_mailbox_of_64, Bounded, 64, EACH);
bounded!(in_a_mailbox_of_1, Bounded, 1, EACH / 10);
bounded!(in_a_ring_of_64, Ring, 64, EACH);
bounded!(in_a_ring_of_1, Ring, 1, EACH / 10);
bounded!(in_more_than_a_ring, Ring, 1_000_000, EACH);
