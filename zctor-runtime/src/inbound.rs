//! What comes to an actor from outside, but not by mail.

use std::any::Any;
use std::sync::Mutex;

use crate::exit::Exit;
use crate::ordered::{Key, Rank};
use crate::seam::AlarmId;
use crate::sync::lock;

/// Names what one incarnation of an actor waits for: a pipe, a stream, a
/// monitor. Never used again by the same actor, so what was cancelled, or set
/// by an earlier incarnation, is not known when its turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Tag {
    pub(crate) incarnation: u64,
    pub(crate) number: u64,
}

impl Key for Tag {
    fn rank(self) -> Rank {
        Rank::Pair(self.incarnation, self.number)
    }
}

/// It takes no place in the mailbox, and no overflow policy can drop it.
#[derive(Debug)]
pub(crate) enum Inbound {
    /// An alarm went off. What it means is looked up when its turn comes.
    Alarm(AlarmId),
    /// A pipe is done. What came of it lies with the pipe.
    Piped(Tag),
    /// An item of a stream, by its number. It lies with the stream.
    Item(Tag, u64),
    /// A stream has come to its end.
    Finished(Tag),
    /// A pipe or a stream has panicked, with this.
    Broken(Tag, Box<dyn Any + Send>),
    /// An actor that is monitored has ended.
    Gone(Tag, Exit),
    /// An actor that was linked has ended, and this one traps it.
    Exited(Exit),
}

/// What has come and was not looked at. Open while an incarnation is there to
/// look at it: what comes later is dropped by whoever brings it, so nothing in
/// it can keep alive the actor that it lies with.
#[derive(Default)]
pub(crate) struct Arrivals(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    open: bool,
    queue: Vec<Inbound>,
}

impl Arrivals {
    pub(crate) fn open(&self) {
        lock(&self.0).open = true;
    }

    /// Gives it back if nobody will look at it.
    pub(crate) fn push(&self, what: Inbound) -> Result<(), Inbound> {
        let mut inner = lock(&self.0);
        if !inner.open {
            return Err(what);
        }
        inner.queue.push(what);
        Ok(())
    }

    pub(crate) fn take(&self) -> Vec<Inbound> {
        std::mem::take(&mut lock(&self.0).queue)
    }

    /// Takes what is there, and nothing after that.
    pub(crate) fn close(&self) -> Vec<Inbound> {
        let mut inner = lock(&self.0);
        inner.open = false;
        std::mem::take(&mut inner.queue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_to_a_closed_one_is_given_back() {
        let tag = Tag {
            incarnation: 1,
            number: 1,
        };
        let arrivals = Arrivals::default();
        assert!(arrivals.push(Inbound::Item(tag, 1)).is_err());
        arrivals.open();
        assert!(arrivals.push(Inbound::Item(tag, 2)).is_ok());
        assert!(matches!(arrivals.take()[..], [Inbound::Item(_, 2)]));
        assert!(arrivals.push(Inbound::Finished(tag)).is_ok());
        assert_eq!(arrivals.close().len(), 1);
        assert!(arrivals.push(Inbound::Item(tag, 3)).is_err());
    }
}
