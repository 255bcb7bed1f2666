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

#[actor]
enum Free {
    Number {
        sender: usize,
        number: u64,
    },
    #[reply(Verdict)]
    Verdict,
}

#[handlers]
impl FreeActor for Checker {
    fn number(&mut self, sender: usize, number: u64) {
        self.see(sender, number);
    }
    fn verdict(&self) -> Verdict {
        Checker::verdict(self)
    }
}

#[actor(mailbox = 64, overflow = wait)]
enum Bounded {
    Number {
        sender: usize,
        number: u64,
    },
    #[reply(Verdict)]
    Verdict,
}

#[handlers]
impl BoundedActor for Checker {
    fn number(&mut self, sender: usize, number: u64) {
        self.see(sender, number);
    }
    async fn verdict(&self) -> Verdict {
        Checker::verdict(self)
    }
}

fn all_senders(send: impl Fn(usize, u64) + Sync, each: u64) {
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let send = &send;
            scope.spawn(move || (0..each).for_each(|number| send(sender, number)));
        }
    });
}

#[test]
fn in_an_unbounded_mailbox() {
    within(120, || {
        let system = System::new().unwrap();
        let checker = Free::spawn(&system, Checker::default());
        all_senders(
            |sender, number| checker.number(sender, number).unwrap(),
            EACH,
        );
        let expected = Verdict {
            total: SENDERS as u64 * EACH,
            wrong: None,
        };
        assert_eq!(checker.verdict().wait().unwrap(), expected);
        system.shutdown().wait().unwrap();
    });
}

fn bounded(capacity: usize, each: u64) {
    within(240, move || {
        let system = System::new().unwrap();
        let builder = Bounded::builder(Checker::default()).mailbox(capacity);
        let checker = builder.spawn(&system).unwrap();
        all_senders(
            |sender, number| checker.number(sender, number).wait().unwrap(),
            each,
        );
        let expected = Verdict {
            total: SENDERS as u64 * each,
            wrong: None,
        };
        assert_eq!(checker.verdict().wait().unwrap(), expected);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn in_a_mailbox_of_64() {
    bounded(64, EACH);
}

#[test]
fn in_a_mailbox_of_1() {
    bounded(1, EACH / 10);
}
