//! What one incarnation of an actor has besides its mail.

use std::collections::VecDeque;
use std::panic::resume_unwind;
use std::sync::{Arc, Weak};

use crate::cell::Cell;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::guard;
use crate::inbound::{Inbound, Tag};
use crate::inbox::Next;
use crate::offer::offer;
use crate::ordered::Ordered;
use crate::own_mail::OwnMail;
use crate::pipes::{PIPED, Pipes};
use crate::protocol::{Fault, Protocol};
use crate::timers::Timers;
use crate::watch::Watched;
use crate::watchers::Ticket;

/// What it sends to itself, and what it waits for from outside. None of that
/// enters the mailbox, so it takes no place there, and no policy drops it.
pub(crate) struct Own<P: Protocol> {
    pub(crate) sent: OwnMail<P>,
    pub(crate) timers: Timers<P>,
    pub(crate) pipes: Pipes<P>,
    pub(crate) monitors: Ordered<Tag, Monitoring<P>>,
    pub(crate) trap: Option<Box<dyn FnMut(Exit) -> P + Send>>,
    pub(crate) failure: Option<Failure>,
    /// Why it shuts itself down.
    pub(crate) leaving: Option<Arc<str>>,
    tags: u64,
    /// What has arrived, and was not handled yet.
    due: VecDeque<Inbound>,
    /// Notices of ends, each with the number of the mail that it comes after:
    /// what was queued when it was first seen, and with that all that the ended
    /// actor had sent.
    notices: VecDeque<(u64, Inbound)>,
    /// Mail handled so far.
    mails: u64,
    /// Something was handled since the last look.
    touched: bool,
    /// The last one came from outside, so now it is the turn of what was sent:
    /// an endless stream cannot hold it up.
    outside_last: bool,
}

/// The same as the actor's loop sees it. Most actors have nothing but their mail,
/// and so only those that a handler gives something else have [`Own`] compiled.
pub(crate) trait AnyOwn<P: Protocol>: Send {
    fn all(&mut self) -> &mut Own<P>;
    fn has_notices(&self) -> bool;
    fn count_mail(&mut self, messages: u64);
    /// The next message that is not mail. After a stop nothing counts that
    /// comes from `outside`. With `no_mail` the mailbox was seen to be empty.
    fn next(&mut self, cell: &Arc<Cell<P>>, outside: bool, no_mail: bool) -> Option<P::Envelope>;
    /// [`next`](AnyOwn::next), of the messages that are ready. The others stay
    /// where they are: timers and streams know that theirs wait, so that they
    /// can be cancelled and do not pile up.
    fn next_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        outside: bool,
        no_mail: bool,
        ready: &mut dyn FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope>;
    fn take_failure(&mut self) -> Option<Failure>;
    fn take_leaving(&mut self) -> Option<Arc<str>>;
    /// Takes everything back, and drops what was sent and not handled.
    fn close(self: Box<Self>, cell: &Cell<P>);
}

impl<P: Protocol> AnyOwn<P> for Own<P> {
    fn all(&mut self) -> &mut Own<P> {
        self
    }

    fn has_notices(&self) -> bool {
        !self.notices.is_empty()
    }

    fn count_mail(&mut self, messages: u64) {
        self.mails += messages;
        self.touched = true;
    }

    fn next(&mut self, cell: &Arc<Cell<P>>, outside: bool, no_mail: bool) -> Option<P::Envelope> {
        if std::mem::take(&mut self.touched) {
            self.timers.not_quiet(cell);
        }
        let sent_first = std::mem::take(&mut self.outside_last);
        let mut next = None;
        if sent_first {
            next = self.sent.pop();
        }
        if next.is_none()
            && outside
            && let Some(message) = self.next_from_outside(cell, no_mail)
        {
            self.outside_last = true;
            next = Some(message.seal());
        }
        let next = next.or_else(|| self.sent.pop())?;
        self.touched = true;
        Some(next)
    }

    fn next_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        outside: bool,
        no_mail: bool,
        mut ready: &mut dyn FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        if std::mem::take(&mut self.touched) {
            self.timers.not_quiet(cell);
        }
        let sent_first = std::mem::take(&mut self.outside_last);
        let mut next = None;
        if sent_first {
            next = self.sent_ready(&mut ready);
        }
        if next.is_none()
            && outside
            && let Some(message) = self.outside_ready(cell, no_mail, &mut ready)
        {
            self.outside_last = true;
            next = Some(message.seal());
        }
        let next = next.or_else(|| self.sent_ready(&mut ready))?;
        self.touched = true;
        Some(next)
    }

    fn take_failure(&mut self) -> Option<Failure> {
        self.failure.take()
    }

    fn take_leaving(&mut self) -> Option<Arc<str>> {
        self.leaving.take()
    }

    fn close(mut self: Box<Self>, cell: &Cell<P>) {
        let ties = cell.ties();
        ties.set_trapping(false);
        self.timers.clear(cell);
        for (_, monitoring) in self.monitors.take_all() {
            monitoring.leave();
        }
        self.due.extend(ties.arrivals.close());
        for what in std::mem::take(&mut self.due) {
            let message = match what {
                Inbound::Piped(tag) => self.pipes.take_piped(tag),
                Inbound::Item(tag, number) => self.pipes.take_left(tag, number),
                other => {
                    guard::quietly(|| drop(other));
                    None
                }
            };
            if let Some(message) = message {
                cell.discard(message.seal(), Fault::Stopped);
            }
        }
        self.pipes.close();
        while let Some(envelope) = self.sent.pop() {
            cell.discard(envelope, Fault::Stopped);
        }
        guard::quietly(|| drop(self));
    }
}

/// A monitor, at the side of the one who watches.
pub(crate) struct Monitoring<P> {
    pub(crate) make: Box<dyn FnOnce(Exit) -> P + Send>,
    /// The actor, and the place among its watchers.
    pub(crate) watched: Option<(Weak<dyn Watched>, Ticket)>,
}

impl<P: Protocol> Own<P> {
    /// From now on things arrive.
    pub(crate) fn open(cell: &Cell<P>) -> Box<Own<P>> {
        cell.ties().arrivals.open();
        Box::new(Own {
            sent: OwnMail::new(),
            timers: Timers::new(),
            pipes: Pipes::new(),
            monitors: Ordered::new(),
            trap: None,
            failure: None,
            leaving: None,
            tags: 0,
            due: VecDeque::new(),
            notices: VecDeque::new(),
            mails: 0,
            touched: false,
            outside_last: false,
        })
    }

    pub(crate) fn tag(&mut self, cell: &Cell<P>) -> Tag {
        self.tags += 1;
        Tag {
            incarnation: cell.incarnation(),
            number: self.tags,
        }
    }

    fn next_from_outside(&mut self, cell: &Arc<Cell<P>>, no_mail: bool) -> Option<P> {
        // Those that have been seen before the mailbox was seen to be empty.
        if let Some(message) = self.next_notice(cell, no_mail) {
            return Some(message);
        }
        if self.pick_up(cell)
            && let Some(message) = self.next_notice(cell, false)
        {
            return Some(message);
        }
        while let Some(due) = self.due.pop_front() {
            if let Some(message) = self.turn(cell, due) {
                return Some(message);
            }
        }
        None
    }

    fn sent_ready(&mut self, ready: &mut impl FnMut(P::Kind) -> bool) -> Option<P::Envelope> {
        match offer(&mut self.sent, ready) {
            Next::Item(envelope) => Some(envelope),
            _ => None,
        }
    }

    fn outside_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        no_mail: bool,
        ready: &mut impl FnMut(P::Kind) -> bool,
    ) -> Option<P> {
        // A notice comes once, and is then held like what the actor has sent.
        while let Some(message) = self.next_notice(cell, no_mail) {
            self.sent.hold(message.seal());
        }
        if self.pick_up(cell) {
            while let Some(message) = self.next_notice(cell, false) {
                self.sent.hold(message.seal());
            }
        }
        let mut at = 0;
        while let Some(what) = self.due.remove(at) {
            let (what, due) = self.look(cell, at, what);
            let waits = match due {
                Due::Message(kind) => !ready(kind),
                Due::Behind => true,
                Due::Nothing => false,
            };
            if waits {
                self.due.insert(at, what);
                at += 1;
            } else if let Some(message) = self.turn(cell, what) {
                return Some(message);
            }
        }
        None
    }

    /// What the turn of something will bring that stood at `at`.
    fn look(&mut self, cell: &Arc<Cell<P>>, at: usize, what: Inbound) -> (Inbound, Due<P::Kind>) {
        let due = |kind: Option<_>| kind.map_or(Due::Nothing, Due::Message);
        match what {
            Inbound::Alarm(alarm) => {
                let kind = self.timers.kind_of(cell, alarm);
                (what, due(kind))
            }
            Inbound::Piped(tag) => (what, due(self.pipes.kind_of(tag, PIPED))),
            Inbound::Item(tag, number) => (what, due(self.pipes.kind_of(tag, number))),
            Inbound::Finished(tag) => {
                let mut before = self.due.iter().take(at);
                let due = match before
                    .any(|other| matches!(other, Inbound::Item(item, _) if *item == tag))
                {
                    true => Due::Behind,
                    false => due(self.pipes.kind_of_end(tag)),
                };
                (what, due)
            }
            Inbound::Broken(..) | Inbound::Gone(..) | Inbound::Exited(..) => (what, Due::Nothing),
        }
    }

    /// Whether a notice was among what has arrived.
    fn pick_up(&mut self, cell: &Cell<P>) -> bool {
        let Some(arrived) = cell.take_arrived() else {
            return false;
        };
        let after = self.mails + cell.queued() as u64;
        let before = self.notices.len();
        for what in arrived {
            match what {
                notice @ (Inbound::Gone(..) | Inbound::Exited(..)) => {
                    self.notices.push_back((after, notice));
                }
                other => self.due.push_back(other),
            }
        }
        self.notices.len() > before
    }

    fn next_notice(&mut self, cell: &Arc<Cell<P>>, no_mail: bool) -> Option<P> {
        while let Some((after, _)) = self.notices.front()
            && (no_mail || *after <= self.mails)
        {
            let (_, notice) = self.notices.pop_front()?;
            if let Some(message) = self.turn(cell, notice) {
                return Some(message);
            }
        }
        None
    }

    /// The message of something whose turn has come, if it still means anything.
    fn turn(&mut self, cell: &Arc<Cell<P>>, what: Inbound) -> Option<P> {
        match what {
            Inbound::Alarm(alarm) => self.timers.ring(cell, alarm),
            Inbound::Piped(tag) => self.pipes.take_piped(tag),
            Inbound::Item(tag, number) => self.pipes.take_item(tag, number),
            Inbound::Finished(tag) => self.pipes.finish(tag),
            Inbound::Broken(tag, panic) => {
                if self.pipes.abort(tag) {
                    cell.at_pipe();
                    resume_unwind(panic);
                }
                guard::quietly(|| drop(panic));
                None
            }
            Inbound::Gone(tag, exit) => {
                let monitoring = self.monitors.remove(&tag)?;
                cell.at_notice();
                Some((monitoring.make)(exit))
            }
            Inbound::Exited(exit) => {
                let make = self.trap.as_mut()?;
                cell.at_notice();
                Some(make(exit))
            }
        }
    }

    pub(crate) fn demonitor(&mut self, tag: Tag) -> bool {
        let Some(monitoring) = self.monitors.remove(&tag) else {
            return false;
        };
        monitoring.leave();
        true
    }

    /// Takes the notices of an actor's end back that trapping has brought.
    pub(crate) fn forget_exits(&mut self, cell: &Cell<P>, of: &impl Fn(&Exit) -> bool) {
        self.pick_up(cell);
        let forgotten = |what: &Inbound| matches!(what, Inbound::Exited(exit) if of(exit));
        self.notices.retain(|(_, what)| !forgotten(what));
    }
}

/// What the turn of something will bring.
enum Due<K> {
    Message(K),
    /// The end of a stream of which an item waits.
    Behind,
    /// No message, or none any more.
    Nothing,
}

impl<P> Monitoring<P> {
    fn leave(self) {
        if let Some((watched, ticket)) = &self.watched
            && let Some(watched) = watched.upgrade()
        {
            watched.unwatch(*ticket);
        }
        guard::quietly(|| drop(self.make));
    }
}
