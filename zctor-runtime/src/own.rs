//! What one incarnation of an actor has besides its mail.

use std::collections::{BTreeMap, VecDeque};
use std::panic::resume_unwind;
use std::sync::{Arc, Weak};

use crate::cell::Cell;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::guard;
use crate::inbound::{Inbound, Tag};
use crate::inbox::Next;
use crate::offer::offer;
use crate::own_mail::OwnMail;
use crate::pipes::Pipes;
use crate::protocol::{Fault, Protocol};
use crate::timers::{TimerKey, TimerName, Timers};
use crate::watch::Watched;
use crate::watchers::Ticket;

/// What it sends to itself, and what it waits for from outside. None of that
/// enters the mailbox, so it takes no place there, and no policy drops it.
pub(crate) struct Own<P: Protocol> {
    pub(crate) sent: OwnMail<P>,
    pub(crate) timers: Timers<P>,
    pub(crate) pipes: Pipes<P>,
    pub(crate) monitors: BTreeMap<Tag, Monitoring<P>>,
    pub(crate) trap: Option<Box<dyn FnMut(Exit) -> P + Send>>,
    pub(crate) failure: Option<Failure>,
    tags: u64,
    /// What has arrived, and was not handled yet.
    due: VecDeque<Inbound<P>>,
    /// Notices of ends, each with the number of the mail that it comes after:
    /// what was queued when it was first seen, and with that all that the ended
    /// actor had sent.
    notices: VecDeque<(u64, Inbound<P>)>,
    /// Arrived, and not ready when their turn came.
    unready: VecDeque<Unready<P>>,
    /// Mail handled so far.
    mails: u64,
    /// Something was handled since the last look.
    touched: bool,
    /// The last one came from outside: now it is the turn of what was sent.
    outside_last: bool,
}

/// A message that was not ready, and where it comes from.
struct Unready<P: Protocol> {
    origin: Origin,
    envelope: P::Envelope,
}

#[derive(PartialEq)]
enum Origin {
    Timer(TimerKey, Option<TimerName>),
    Monitor(Tag),
    Other,
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
            unready: VecDeque::new(),
            timers: Timers::new(),
            pipes: Pipes::new(),
            monitors: BTreeMap::new(),
            trap: None,
            failure: None,
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

    /// A message from the mailbox is about to be handled.
    pub(crate) fn count_mail(&mut self) {
        self.mails += 1;
        self.touched = true;
    }

    /// The next message that is not mail. After a stop nothing counts that
    /// comes from `outside`. With `no_mail` the mailbox was seen to be empty.
    pub(crate) fn next(
        &mut self,
        cell: &Arc<Cell<P>>,
        outside: bool,
        no_mail: bool,
    ) -> Option<P::Envelope> {
        let arrived = |own: &mut Self, (): &mut ()| {
            let message = own.next_from_outside(cell, no_mail)?;
            Some(message.seal())
        };
        let sent = |own: &mut Self, (): &mut ()| own.sent.pop();
        self.take_turns(cell, &mut (), outside.then_some(arrived), sent)
    }

    /// The same, of those that are ready.
    pub(crate) fn next_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        outside: bool,
        no_mail: bool,
        mut ready: impl FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        let arrived = |own: &mut Self, ready: &mut _| own.next_arrived_ready(cell, no_mail, ready);
        let sent = |own: &mut Self, ready: &mut _| match offer(&mut own.sent, ready) {
            Next::Item(message) => Some(message),
            _ => None,
        };
        self.take_turns(cell, &mut ready, outside.then_some(arrived), sent)
    }

    /// What has arrived comes first, but not twice in a row: an endless stream
    /// cannot hold up what was sent.
    fn take_turns<W>(
        &mut self,
        cell: &Cell<P>,
        with: &mut W,
        arrived: Option<impl FnOnce(&mut Self, &mut W) -> Option<P::Envelope>>,
        sent: impl Fn(&mut Self, &mut W) -> Option<P::Envelope>,
    ) -> Option<P::Envelope> {
        if std::mem::take(&mut self.touched) {
            self.timers.not_quiet(cell);
        }
        let mut next = None;
        if std::mem::take(&mut self.outside_last) {
            next = sent(self, with);
        }
        if next.is_none()
            && let Some(arrived) = arrived
        {
            next = arrived(self, with);
            self.outside_last = next.is_some();
        }
        let next = next.or_else(|| sent(self, with))?;
        self.touched = true;
        Some(next)
    }

    fn next_arrived_ready(
        &mut self,
        cell: &Arc<Cell<P>>,
        no_mail: bool,
        ready: &mut impl FnMut(P::Kind) -> bool,
    ) -> Option<P::Envelope> {
        for place in 0..self.unready.len() {
            if let Some(unready) = self.unready.get(place)
                && ready(P::kind(&unready.envelope))
            {
                let unready = self.unready.remove(place)?;
                return Some(unready.envelope);
            }
        }
        while let Some(what) = self.next_arrived(cell, no_mail) {
            let Some(origin) = self.origin(&what) else {
                continue;
            };
            let waits = |unready: &Unready<P>| unready.origin == origin;
            if matches!(origin, Origin::Timer(..)) && self.unready.iter().any(waits) {
                // At most one tick of each waits.
                if let Inbound::Alarm(alarm) = what {
                    self.timers.skip(cell, alarm);
                }
                continue;
            }
            if let Some(message) = self.turn(cell, what) {
                let envelope = message.seal();
                if ready(P::kind(&envelope)) {
                    return Some(envelope);
                }
                self.unready.push_back(Unready { origin, envelope });
            }
        }
        None
    }

    /// Where a message comes from; none for what means nothing any more.
    fn origin(&self, what: &Inbound<P>) -> Option<Origin> {
        Some(match what {
            Inbound::Alarm(alarm) => {
                let (key, name) = self.timers.key_of(*alarm)?;
                Origin::Timer(key, name)
            }
            Inbound::Gone(tag, _) => Origin::Monitor(*tag),
            _ => Origin::Other,
        })
    }

    pub(crate) fn cancel(&mut self, cell: &Cell<P>, key: TimerKey) -> bool {
        let waiting = self.take_back(|origin| matches!(origin, Origin::Timer(of, _) if *of == key));
        self.timers.cancel(cell, key) || waiting
    }

    pub(crate) fn cancel_named(&mut self, cell: &Cell<P>, name: TimerName) -> bool {
        let waiting = self.forget_tick(name);
        self.timers.cancel_named(cell, name) || waiting
    }

    /// Drops the message of a timer that has fired and was not ready.
    pub(crate) fn forget_tick(&mut self, name: TimerName) -> bool {
        self.take_back(|origin| matches!(origin, Origin::Timer(_, Some(of)) if *of == name))
    }

    fn take_back(&mut self, of: impl Fn(&Origin) -> bool) -> bool {
        let Some(place) = self.unready.iter().position(|unready| of(&unready.origin)) else {
            return false;
        };
        let unready = self.unready.remove(place);
        guard::quietly(|| drop(unready));
        true
    }

    fn next_from_outside(&mut self, cell: &Arc<Cell<P>>, no_mail: bool) -> Option<P> {
        while let Some(what) = self.next_arrived(cell, no_mail) {
            if let Some(message) = self.turn(cell, what) {
                return Some(message);
            }
        }
        None
    }

    fn next_arrived(&mut self, cell: &Cell<P>, no_mail: bool) -> Option<Inbound<P>> {
        // Those that have been seen before the mailbox was seen to be empty.
        if let Some(notice) = self.next_notice(no_mail) {
            return Some(notice);
        }
        if self.pick_up(cell)
            && let Some(notice) = self.next_notice(false)
        {
            return Some(notice);
        }
        self.due.pop_front()
    }

    /// Whether a notice was among what has arrived.
    fn pick_up(&mut self, cell: &Cell<P>) -> bool {
        let Some(arrived) = cell.take_arrived() else {
            return false;
        };
        let after = self.mails + cell.mailbox.len() as u64;
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

    fn next_notice(&mut self, no_mail: bool) -> Option<Inbound<P>> {
        let (after, _) = self.notices.front()?;
        if no_mail || *after <= self.mails {
            let (_, notice) = self.notices.pop_front()?;
            return Some(notice);
        }
        None
    }

    /// The message of something whose turn has come, if it still means anything.
    fn turn(&mut self, cell: &Arc<Cell<P>>, what: Inbound<P>) -> Option<P> {
        let unwanted = |message| {
            guard::quietly(|| drop::<P>(message));
            None
        };
        match what {
            Inbound::Alarm(alarm) => self.timers.ring(cell, alarm),
            Inbound::Piped(tag, message) if self.pipes.abort(tag) => Some(message),
            Inbound::Item(tag, message) if self.pipes.take_item(tag) => Some(message),
            Inbound::Piped(_, message) | Inbound::Item(_, message) => unwanted(message),
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
        if self.take_back(|origin| *origin == Origin::Monitor(tag)) {
            return true;
        }
        let Some(monitoring) = self.monitors.remove(&tag) else {
            return false;
        };
        monitoring.leave();
        true
    }

    /// Takes the notices of an actor's end back that trapping has brought.
    pub(crate) fn forget_exits(&mut self, cell: &Cell<P>, of: &impl Fn(&Exit) -> bool) {
        self.pick_up(cell);
        let forgotten = |what: &Inbound<P>| matches!(what, Inbound::Exited(exit) if of(exit));
        self.notices.retain(|(_, what)| !forgotten(what));
    }

    /// Takes everything back, and drops what was sent and not handled.
    pub(crate) fn close(mut self: Box<Self>, cell: &Cell<P>) {
        let ties = cell.ties();
        ties.set_trapping(false);
        self.timers.clear(cell);
        for (_, monitoring) in std::mem::take(&mut self.monitors) {
            monitoring.leave();
        }
        self.due.extend(ties.arrivals.close());
        for what in std::mem::take(&mut self.due) {
            match what {
                Inbound::Piped(_, message) | Inbound::Item(_, message) => {
                    cell.discard(message.seal(), Fault::Stopped);
                }
                other => {
                    guard::quietly(|| drop(other));
                }
            }
        }
        let unready = std::mem::take(&mut self.unready);
        for unready in unready {
            cell.discard(unready.envelope, Fault::Stopped);
        }
        while let Some(envelope) = self.sent.pop() {
            cell.discard(envelope, Fault::Stopped);
        }
        guard::quietly(|| drop(self));
    }
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
