//! The receiving end of a mailbox.

use std::collections::VecDeque;

use crate::gate::View;
use crate::mail_queue::MailQueue;
use crate::mailbox::{Lane, Mailbox};
use crate::shelf::Place;

/// With this many messages waiting they are taken at once.
const MANY: usize = 512;

/// Fewer than this are taken at once as well: a pair of actors that have a few
/// messages for each other would otherwise wait at each of them.
const FEW: usize = 4;

/// While a queue shorter than that is growing, its actor lets others have
/// their turn so many times before it takes what is there. Actor and sender
/// would otherwise fight for the lock every few messages, which costs both of
/// them several times the messages themselves.
const PATIENCE: u16 = 16;

/// Of a queue that is not taken in batches so many are handled before they are
/// counted out, though more are there: the count is to tell how many wait.
const SIGHT: usize = 128;

/// The receiving end, for one incarnation at a time. When it is dropped, what
/// it had drained goes back to the mailbox, in order; the message in hand is
/// gone.
#[derive(Debug)]
pub(crate) struct Inbox<'a, T, Q: MailQueue<T>> {
    mailbox: &'a Mailbox<T, Q>,
    /// Taken out of the queue, not handled yet.
    batch: VecDeque<T>,
    /// Unbounded: received and not yet counted out, the one in hand included.
    unsettled: usize,
    /// Unbounded: how long the queue was when it was last left to grow, and how
    /// many more times it may be.
    seen: u16,
    patience: u16,
    /// Unbounded, and not taken in batches: how many of those that were counted
    /// at the last look are to be received before the next; [`SIGHT`] at most.
    in_sight: u32,
}

/// What an [`Inbox`] has.
#[derive(Debug)]
pub(crate) enum Next<T> {
    Item(T),
    /// Nothing. Unless [`Inbox::rest`] says otherwise, the next sender
    /// schedules the actor.
    Nothing,
    /// A message is about to be pushed, or many are: yield, and look again.
    Behind,
    /// Nothing, and nothing will come.
    Closed,
}

impl<T> Next<T> {
    #[inline]
    pub(crate) fn map<R>(self, change: impl FnOnce(T) -> R) -> Next<R> {
        match self {
            Next::Item(item) => Next::Item(change(item)),
            Next::Nothing => Next::Nothing,
            Next::Behind => Next::Behind,
            Next::Closed => Next::Closed,
        }
    }
}

impl<'a, T, Q: MailQueue<T>> Inbox<'a, T, Q> {
    pub(crate) fn new(mailbox: &'a Mailbox<T, Q>) -> Inbox<'a, T, Q> {
        Inbox {
            mailbox,
            unsettled: 0,
            batch: VecDeque::new(),
            seen: 0,
            patience: PATIENCE,
            in_sight: 0,
        }
    }

    /// The next ordinary message, for a handler.
    #[inline]
    pub(crate) fn next(&mut self) -> Next<T> {
        if let Some(item) = self.batch.pop_front() {
            return Next::Item(item);
        }
        match self.mailbox.room.capacity {
            None => self.next_unbounded(),
            Some(_) => self.next_bounded(),
        }
    }

    /// The next message of high priority, for a handler.
    #[inline]
    pub(crate) fn next_high(&mut self) -> Option<T> {
        let item = self.mailbox.pop_high()?;
        match self.mailbox.room.capacity {
            None => self.received_high(),
            Some(_) => self.mailbox.gate.take_extra(),
        }
        Some(item)
    }

    /// How many messages were pushed and are not taken yet, those that are held
    /// among them.
    pub(crate) fn ahead(&self) -> usize {
        self.batch.len() + self.mailbox.queue.len() + self.mailbox.held()
    }

    /// Unbounded: it was among those that are counted in.
    fn received_high(&mut self) {
        self.unsettled += 1;
        self.in_sight = self.in_sight.saturating_sub(1);
    }

    /// Counts out what was handled, and looks at how many there are.
    fn look(&mut self) -> View {
        match std::mem::take(&mut self.unsettled) {
            0 => self.mailbox.gate.look(),
            unsettled => self.mailbox.gate.settle(unsettled),
        }
    }

    fn next_unbounded(&mut self) -> Next<T> {
        if !Q::IN_BATCHES {
            return self.next_in_sight();
        }
        let view = self.look();
        match view.counted {
            0 => {
                self.be_patient_again();
                nothing(view)
            }
            1 => self.receive_one(),
            2..FEW | MANY.. => self.receive_all(),
            counted => {
                // Less than `MANY`.
                let counted = counted as u16;
                if counted > self.seen && self.patience > 0 && !view.closed {
                    self.seen = counted;
                    self.patience -= 1;
                    return Next::Behind;
                }
                self.receive_all()
            }
        }
    }

    /// One of those that were counted at the last look: they are handled, and
    /// counted out together, before the next look.
    fn next_in_sight(&mut self) -> Next<T> {
        if self.in_sight == 0 {
            let view = self.look();
            if view.counted == 0 {
                return nothing(view);
            }
            // Not more than `SIGHT`.
            self.in_sight = view.counted.min(SIGHT) as u32;
        }
        let item = self.mailbox.queue.pop();
        self.in_sight = match item {
            Some(_) => self.in_sight - 1,
            // Those that are not pushed yet, or were taken from outside.
            None => 0,
        };
        self.received(item, 1)
    }

    fn be_patient_again(&mut self) {
        self.seen = 0;
        self.patience = PATIENCE;
    }

    fn receive_one(&mut self) -> Next<T> {
        self.be_patient_again();
        self.received(self.mailbox.queue.pop(), 1)
    }

    fn receive_all(&mut self) -> Next<T> {
        self.be_patient_again();
        self.mailbox.queue.take_all(&mut self.batch);
        let (received, first) = (self.batch.len(), self.batch.pop_front());
        self.received(first, received)
    }

    fn received(&mut self, first: Option<T>, received: usize) -> Next<T> {
        match first {
            Some(item) => {
                self.unsettled += received;
                Next::Item(item)
            }
            // Some are counted and not pushed yet; or they were counted in at a
            // closed door, and will be counted out: look again.
            None => Next::Behind,
        }
    }

    fn next_bounded(&mut self) -> Next<T> {
        match self.mailbox.queue.pop() {
            Some(item) => {
                self.mailbox.gate.take();
                self.mailbox.room.offer();
                Next::Item(item)
            }
            None => match self.mailbox.gate.look_at_both() {
                View { counted: 0, closed } => nothing(View { counted: 0, closed }),
                _ => Next::Behind,
            },
        }
    }

    /// Goes idle after [`Next::Nothing`]. False if a message came meanwhile.
    pub(crate) fn rest(&mut self) -> bool {
        self.mailbox.room.capacity.is_none() || self.mailbox.gate.rest(0)
    }

    // ---- for an actor that holds messages until they are ready

    /// The next message of a lane, to be held.
    pub(crate) fn fetch(&mut self, lane: Lane) -> Next<T> {
        match (lane, self.mailbox.room.capacity) {
            (Lane::High, capacity) => match self.mailbox.pop_high() {
                Some(item) => {
                    if capacity.is_none() {
                        self.received_high();
                    }
                    Next::Item(item)
                }
                None => Next::Nothing,
            },
            (Lane::Ordinary, None) => self.next(),
            (Lane::Ordinary, Some(_)) => match self.mailbox.queue.pop() {
                Some(item) => Next::Item(item),
                // A sender that takes the place of a held message does it under
                // the same lock, before it pushes its own.
                None => {
                    let mut next = Next::Behind;
                    self.mailbox.while_held(&mut |held| {
                        let view = self.mailbox.gate.look_at_both();
                        if view.counted == held {
                            next = nothing(view);
                        }
                    });
                    next
                }
            },
        }
    }

    pub(crate) fn hold(&mut self, lane: Lane, kind: usize, item: T)
    where
        T: Send + 'static,
    {
        self.mailbox.hold(lane, kind, item);
    }

    /// The first held message that came after `place` and is the first of its
    /// kind: its place, and what `look` sees in it.
    pub(crate) fn held_after<R>(
        &self,
        lane: Lane,
        place: Option<Place>,
        look: impl FnOnce(&T) -> R,
    ) -> Option<(Place, R)> {
        let front = self.mailbox.shelf(lane, |held| {
            let (place, item) = held.front_after(place)?;
            Some((place, look(item)))
        });
        front?
    }

    /// The first held message of a kind, for a handler.
    pub(crate) fn release(&mut self, lane: Lane, kind: usize) -> Option<T> {
        let item = self.mailbox.shelf(lane, |held| held.take(kind))??;
        if self.mailbox.room.capacity.is_some() {
            match lane {
                Lane::High => self.mailbox.gate.take_extra(),
                Lane::Ordinary => {
                    self.mailbox.gate.take();
                    self.mailbox.room.offer();
                }
            }
        }
        Some(item)
    }

    /// [`rest`](Inbox::rest), with messages held.
    pub(crate) fn rest_holding(&mut self) -> bool {
        if self.mailbox.room.capacity.is_none() {
            return true;
        }
        let mut rests = false;
        let rest = &mut |held| rests = self.mailbox.gate.rest(held);
        self.mailbox.while_held(rest);
        rests
    }
}

fn nothing<T>(view: View) -> Next<T> {
    if view.closed {
        Next::Closed
    } else {
        Next::Nothing
    }
}

impl<T, Q: MailQueue<T>> Drop for Inbox<'_, T, Q> {
    fn drop(&mut self) {
        let unhandled = std::mem::take(&mut self.batch);
        let handled = self.unsettled - unhandled.len();
        if self.mailbox.room.capacity.is_none() && handled > 0 {
            self.mailbox.gate.settle(handled);
        }
        if !unhandled.is_empty() {
            self.mailbox.queue.put_back(unhandled);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail_queue::{LockFreeQueue, LockedQueue};
    use crate::mailbox::Refused;

    /// What holds of every queue.
    macro_rules! with_both_queues {
        ($($test:ident,)*) => {
            mod locked {
                $(#[test]
                fn $test() {
                    super::$test::<super::LockedQueue<usize>>();
                })*
            }
            mod lock_free {
                $(#[test]
                fn $test() {
                    super::$test::<super::LockFreeQueue<usize>>();
                })*
            }
        };
    }
    with_both_queues! {
        a_few_are_taken_at_once,
        one_that_is_counted_in_and_out_again_is_not_waited_for,
        what_was_drained_goes_back_in_order,
        emptying_hands_over_leftovers_and_queue,
        what_is_held_stays_for_the_next_inbox,
        an_actor_sleeps_on_what_it_holds,
        messages_of_high_priority_are_counted_like_others,
        a_bounded_mailbox_frees_a_place_when_one_is_taken,
    }

    fn take<Q: MailQueue<usize>>(inbox: &mut Inbox<'_, usize, Q>) -> Option<usize> {
        loop {
            match inbox.next() {
                Next::Item(item) => return Some(item),
                Next::Behind => {}
                Next::Nothing | Next::Closed => return None,
            }
        }
    }

    #[test]
    fn a_growing_queue_is_left_alone_for_a_while() {
        let mailbox = Mailbox::<_, LockedQueue<_>>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        let mut left_alone = 0;
        (0..FEW).for_each(|_| drop(mailbox.push(0)));
        let first = loop {
            let _ = mailbox.push(left_alone);
            let _ = mailbox.push(left_alone);
            match inbox.next() {
                Next::Item(item) => break item,
                _ => left_alone += 1,
            }
        };
        assert_eq!((first, left_alone), (0, usize::from(PATIENCE)));
        assert!(
            matches!(inbox.next(), Next::Item(0)),
            "and then taken as it is"
        );
    }

    /// There is no lock to fight for, and nothing to gain.
    #[test]
    fn without_a_lock_a_growing_queue_is_taken_as_it_is() {
        let mailbox = Mailbox::<_, LockFreeQueue<_>>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        for n in 0..1000 {
            (0..2).for_each(|_| drop(mailbox.push(n)));
            assert!(matches!(inbox.next(), Next::Item(_)));
        }
    }

    /// One that is handled is counted out with the others that were seen.
    #[test]
    fn without_a_lock_those_in_sight_are_counted_out_together() {
        let mailbox = Mailbox::<_, LockFreeQueue<_>>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        (0..3).for_each(|n| drop(mailbox.push(n)));
        assert!(matches!(inbox.next(), Next::Item(0)));
        assert!(matches!(mailbox.push(3), Ok(false)), "it is at work");
        assert!(matches!(inbox.next(), Next::Item(1)));
        assert!(matches!(inbox.next(), Next::Item(2)));
        assert_eq!(mailbox.len(), 4);
        assert!(matches!(inbox.next(), Next::Item(3)));
        assert_eq!(mailbox.len(), 1, "the one in hand");
        assert!(matches!(inbox.next(), Next::Nothing));
        assert!(matches!(mailbox.push(4), Ok(true)), "it had gone idle");
    }

    /// Whoever looks at a long queue sees it become shorter.
    #[test]
    fn without_a_lock_a_long_queue_is_counted_out_as_it_is_handled() {
        let mailbox = Mailbox::<_, LockFreeQueue<_>>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        (0..10 * SIGHT).for_each(|n| drop(mailbox.push(n)));
        for left in (0..10 * SIGHT).rev() {
            assert!(matches!(inbox.next(), Next::Item(_)));
            assert!((left..=left + SIGHT).contains(&mailbox.len()));
        }
        assert!(matches!(inbox.next(), Next::Nothing));
        assert_eq!(mailbox.len(), 0);
    }

    /// As when an actor is given up, whose task then comes back.
    #[test]
    fn without_a_lock_those_in_sight_may_be_taken_from_outside() {
        let mailbox = Mailbox::<_, LockFreeQueue<_>>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        (0..9).for_each(|n| drop(mailbox.push(n)));
        assert!(matches!(inbox.next(), Next::Item(0)));
        mailbox.close();
        mailbox.clear(&mut drop);
        assert!(matches!(inbox.next(), Next::Behind));
        assert!(matches!(inbox.next(), Next::Closed));
    }

    /// An actor that has a few messages is not made to wait for more.
    fn a_few_are_taken_at_once<Q: MailQueue<usize>>() {
        let mailbox = Mailbox::<_, Q>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        (0..FEW - 1).for_each(|n| drop(mailbox.push(n)));
        assert!(matches!(inbox.next(), Next::Item(0)));
    }

    fn one_that_is_counted_in_and_out_again_is_not_waited_for<Q: MailQueue<usize>>() {
        let mailbox = Mailbox::<_, Q>::new(None);
        let mut inbox = Inbox::new(&mailbox);
        let _ = mailbox.push(1);
        // As it looks while a sender at a closed door is half-way.
        let _ = mailbox.gate.enter();
        mailbox.close();
        assert!(matches!(inbox.next(), Next::Item(1)));
        assert!(matches!(inbox.next(), Next::Behind));
        assert!(matches!(inbox.next(), Next::Behind));
        mailbox.gate.settle(1);
        assert!(matches!(inbox.next(), Next::Closed));
    }

    fn what_was_drained_goes_back_in_order<Q: MailQueue<usize>>() {
        let mailbox = Mailbox::<_, Q>::new(None);
        for n in 0..MANY {
            assert_eq!(mailbox.push(n).ok(), Some(n == 0));
        }
        let mut first = Inbox::new(&mailbox);
        assert_eq!((take(&mut first), take(&mut first)), (Some(0), Some(1)));
        drop(first);
        assert_eq!(mailbox.len(), MANY - 2);
        let _ = mailbox.push(MANY);
        let mut second = Inbox::new(&mailbox);
        let rest: Vec<_> = std::iter::from_fn(|| take(&mut second)).collect();
        assert_eq!(rest, (2..=MANY).collect::<Vec<_>>());
        drop(second);
        assert_eq!(mailbox.len(), 0);
    }

    fn emptying_hands_over_leftovers_and_queue<Q: MailQueue<usize>>() {
        let mailbox = Mailbox::<_, Q>::new(None);
        for n in 0..=MANY {
            let _ = mailbox.push(n);
        }
        let mut inbox = Inbox::new(&mailbox);
        assert_eq!(take(&mut inbox), Some(0));
        drop(inbox);
        let mut rest = Vec::new();
        mailbox.empty(&mut |n| rest.push(n));
        assert_eq!(rest, (1..=MANY).collect::<Vec<_>>());
        assert!(matches!(mailbox.push(9), Err(Refused::Closed(9))));
    }

    fn hold_next<Q: MailQueue<usize>>(inbox: &mut Inbox<'_, usize, Q>) {
        let item = loop {
            match inbox.fetch(Lane::Ordinary) {
                Next::Item(item) => break item,
                Next::Behind => {}
                other => panic!("{other:?}"),
            }
        };
        inbox.hold(Lane::Ordinary, item % 2, item);
    }

    /// A crash loses nothing: the next incarnation is offered what was held,
    /// then what was drained, then the queue.
    fn what_is_held_stays_for_the_next_inbox<Q: MailQueue<usize>>() {
        for capacity in [None, Some(MANY)] {
            let mailbox = Mailbox::<_, Q>::new(capacity);
            for n in 0..MANY {
                let _ = mailbox.push(n);
            }
            let mut first = Inbox::new(&mailbox);
            (0..10).for_each(|_| hold_next(&mut first));
            assert_eq!(first.release(Lane::Ordinary, 1), Some(1));
            drop(first);
            assert_eq!(mailbox.len(), MANY - 1);
            let mut second = Inbox::new(&mailbox);
            let held = |inbox: &Inbox<'_, usize, Q>, after| {
                inbox.held_after(Lane::Ordinary, after, |item| *item)
            };
            assert_eq!(held(&second, None), Some((0, 0)));
            assert_eq!(held(&second, Some(0)), Some((3, 3)));
            assert_eq!(held(&second, Some(3)), None);
            hold_next(&mut second);
            assert_eq!(second.release(Lane::Ordinary, 1), Some(3));
            let mut rest = Vec::new();
            drop(second);
            mailbox.empty(&mut |n| rest.push(n));
            let expected: Vec<_> = [0, 2].into_iter().chain(4..MANY).collect();
            assert_eq!(rest, expected, "in the order of arrival");
            assert_eq!(mailbox.len(), 0);
        }
    }

    /// It does not look again and again, and is woken by the next message.
    fn an_actor_sleeps_on_what_it_holds<Q: MailQueue<usize>>() {
        for capacity in [None, Some(3)] {
            let mailbox = Mailbox::<_, Q>::new(capacity);
            let _ = mailbox.push(0);
            let _ = mailbox.push_high(1);
            let mut inbox = Inbox::new(&mailbox);
            match inbox.fetch(Lane::High) {
                Next::Item(item) => inbox.hold(Lane::High, 1, item),
                other => panic!("{other:?}"),
            }
            hold_next(&mut inbox);
            assert!(!matches!(inbox.fetch(Lane::Ordinary), Next::Item(_)));
            assert!(matches!(inbox.fetch(Lane::Ordinary), Next::Nothing));
            assert!(inbox.rest_holding());
            assert_eq!(mailbox.len(), 2);
            assert!(matches!(mailbox.push(2), Ok(true)), "woken");
            assert!(capacity.is_none() || !inbox.rest_holding());
            hold_next(&mut inbox);
            assert!(matches!(inbox.fetch(Lane::Ordinary), Next::Nothing));
            assert!(inbox.rest_holding());
            assert!(matches!(mailbox.push_high(3), Ok(true)), "woken");
            mailbox.close();
            assert!(matches!(inbox.fetch(Lane::High), Next::Item(3)));
        }
    }

    fn messages_of_high_priority_are_counted_like_others<Q: MailQueue<usize>>() {
        for capacity in [None, Some(2)] {
            let mailbox = Mailbox::<_, Q>::new(capacity);
            let mut inbox = Inbox::new(&mailbox);
            for n in 0..4 {
                assert!(mailbox.push_high(n).is_ok());
            }
            assert!(mailbox.push(4).is_ok() && mailbox.push(5).is_ok());
            assert_eq!(mailbox.push(6).is_ok(), capacity.is_none());
            let high: Vec<_> = std::iter::from_fn(|| inbox.next_high()).collect();
            assert_eq!(high, [0, 1, 2, 3]);
            assert_eq!(take(&mut inbox), Some(4));
            drop(inbox);
            assert!(mailbox.push_high(7).is_ok());
            let mut rest = Vec::new();
            mailbox.empty(&mut |n| rest.push(n));
            assert_eq!(rest.len(), if capacity.is_none() { 3 } else { 2 });
            assert_eq!(rest[0], 7);
            assert_eq!(mailbox.len(), 0);
        }
    }

    fn a_bounded_mailbox_frees_a_place_when_one_is_taken<Q: MailQueue<usize>>() {
        let mailbox = Mailbox::<_, Q>::new(Some(2));
        let mut inbox = Inbox::new(&mailbox);
        assert!(
            matches!(mailbox.push(1), Ok(false)),
            "a new actor is scheduled already"
        );
        assert!(mailbox.push(2).is_ok());
        assert!(matches!(mailbox.push(3), Err(Refused::Full(3))));
        assert_eq!(take(&mut inbox), Some(1));
        assert!(mailbox.push(3).is_ok());
        assert_eq!(
            mailbox
                .replace_oldest(4)
                .ok()
                .map(|replaced| replaced.oldest),
            Some(2)
        );
        assert_eq!((take(&mut inbox), take(&mut inbox)), (Some(3), Some(4)));
        assert!(matches!(inbox.next(), Next::Nothing));
        assert!(inbox.rest());
        assert!(
            matches!(mailbox.push(5), Ok(true)),
            "a resting actor is woken"
        );
    }
}
