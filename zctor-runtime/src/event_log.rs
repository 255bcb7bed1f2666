//! The events of a system in one order, and who reads them.
//!
//! One lock makes the order: a number and a place in the queue are given in
//! one step. All readers share the queue. It keeps what the slowest of them
//! has not read, up to the capacity of the largest, so recording never waits.
//! When nobody reads nothing is recorded, and to see that is one relaxed load.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use crate::event::{Event, EventKind, Source};
use crate::guard::wake_all;
use crate::ordered::Ordered;
use crate::seam::Seam;
use crate::sync::lock;

/// A drop is merged into an event at most so many places before the last one.
const MERGE_BACK: usize = 16;

pub(crate) struct EventLog {
    heard: AtomicBool,
    began: Instant,
    seam: Arc<dyn Seam>,
    log: Mutex<Log>,
}

#[derive(Default)]
struct Log {
    /// How many events there have been: the number of the last one.
    last: u64,
    /// The last ones.
    kept: VecDeque<Event>,
    readers: Ordered<ReaderId, Reader>,
    readers_made: ReaderId,
    closed: bool,
}

pub(crate) type ReaderId = u64;

struct Reader {
    /// The number of the last event that it has read, or missed.
    read: u64,
    capacity: usize,
    waker: Option<Waker>,
}

impl EventLog {
    pub(crate) fn new(seam: Arc<dyn Seam>) -> EventLog {
        EventLog {
            heard: AtomicBool::new(false),
            began: seam.now(),
            seam,
            log: Mutex::default(),
        }
    }

    /// How long the system has been running.
    pub(crate) fn since_start(&self) -> Duration {
        self.seam.now().saturating_duration_since(self.began)
    }

    /// Whether anybody reads.
    #[inline]
    pub(crate) fn is_heard(&self) -> bool {
        self.heard.load(Relaxed)
    }

    /// Whether anybody reads or could have read of the end of the system.
    pub(crate) fn has_readers(&self) -> bool {
        !lock(&self.log).readers.is_empty()
    }

    /// Adds an event. False if nobody reads.
    #[cold]
    pub(crate) fn record(&self, source: Option<Source>, kind: EventKind) -> bool {
        let mut log = lock(&self.log);
        if log.closed || log.readers.is_empty() {
            return false;
        }
        if log.merge(source.as_ref(), &kind) {
            return true;
        }
        let at = self.seam.now();
        log.last += 1;
        let event = Event {
            number: log.last,
            at,
            since: at.saturating_duration_since(self.began),
            source,
            kind,
        };
        log.kept.push_back(event);
        let forgotten = log.forget();
        let wakers = log.take_wakers();
        drop(log);
        drop(forgotten);
        wake_all(wakers);
        true
    }

    pub(crate) fn add_reader(&self, capacity: usize) -> ReaderId {
        let mut log = lock(&self.log);
        log.readers_made += 1;
        let (id, reader) = (
            log.readers_made,
            Reader {
                read: log.last,
                capacity,
                waker: None,
            },
        );
        log.readers.insert(id, reader);
        self.heard.store(!log.closed, SeqCst);
        id
    }

    pub(crate) fn set_capacity(&self, id: ReaderId, capacity: usize) {
        let mut log = lock(&self.log);
        if let Some(reader) = log.readers.get_mut(&id) {
            reader.capacity = capacity;
        }
        let forgotten = log.forget();
        drop(log);
        drop(forgotten);
    }

    pub(crate) fn remove_reader(&self, id: ReaderId) {
        let mut log = lock(&self.log);
        let reader = log.readers.remove(&id);
        if log.readers.is_empty() {
            self.heard.store(false, SeqCst);
        }
        let forgotten = log.forget();
        drop(log);
        drop((reader, forgotten));
    }

    /// The next event for a reader; none when there will never be one. Without
    /// a waker it does not ask to be woken.
    pub(crate) fn read(&self, id: ReaderId, waker: Option<&Waker>) -> Poll<Option<Event>> {
        let waker = waker.cloned();
        let mut log = lock(&self.log);
        let event = log.next_for(id);
        if event.is_some() {
            let forgotten = log.forget();
            drop(log);
            drop(forgotten);
            return Poll::Ready(event);
        }
        if log.closed {
            return Poll::Ready(None);
        }
        let replaced = match (log.readers.get_mut(&id), waker) {
            (Some(reader), Some(waker)) => reader.waker.replace(waker),
            _ => None,
        };
        drop(log);
        drop(replaced);
        Poll::Pending
    }

    /// The system has ended: readers get what is there, and then nothing.
    pub(crate) fn close(&self) {
        let mut log = lock(&self.log);
        log.closed = true;
        self.heard.store(false, SeqCst);
        let wakers = log.take_wakers();
        drop(log);
        wake_all(wakers);
    }
}

impl Log {
    /// The number of the last event that is not kept any more.
    fn forgotten(&self) -> u64 {
        self.last - self.kept.len() as u64
    }

    fn next_for(&mut self, id: ReaderId) -> Option<Event> {
        let (last, forgotten) = (self.last, self.forgotten());
        let reader = self.readers.get_mut(&id)?;
        let missed = forgotten.max(last.saturating_sub(reader.capacity as u64));
        if let Some(count) = missed.checked_sub(reader.read).filter(|&count| count > 0) {
            reader.read = missed;
            let next = self.kept.get(usize::try_from(missed - forgotten).ok()?)?;
            return Some(Event {
                number: missed,
                source: None,
                kind: EventKind::Missed(count),
                ..*next
            });
        }
        let place = usize::try_from(reader.read - forgotten).ok()?;
        let event = self.kept.get(place)?.clone();
        reader.read += 1;
        Some(event)
    }

    fn take_wakers(&mut self) -> Vec<Waker> {
        let mut wakers = Vec::new();
        let readers = &mut self.readers;
        readers.for_each_mut(|_, reader| {
            if let Some(waker) = reader.waker.take() {
                wakers.push(waker);
            }
        });
        wakers
    }

    /// Takes what everybody has read, or is too slow for, out of the queue,
    /// for the caller to drop: there are users' errors in it.
    #[must_use]
    fn forget(&mut self) -> Vec<Event> {
        let mut needed = 0;
        for (_, reader) in self.readers.iter() {
            needed = needed.max((self.last - reader.read).min(reader.capacity as u64));
        }
        let mut surplus = Vec::new();
        while self.kept.len() as u64 > needed
            && let Some(event) = self.kept.pop_front()
        {
            surplus.push(event);
        }
        surplus
    }

    /// Adds to an event that nobody has read yet, if one of the last tells the
    /// same of the same actor, and the actor had only such events since.
    fn merge(&mut self, source: Option<&Source>, kind: &EventKind) -> bool {
        let mut read = None;
        for (_, reader) in self.readers.iter() {
            read = read.max(Some(reader.read));
        }
        let unread = self.last - read.unwrap_or(self.last);
        let unread = usize::try_from(unread).unwrap_or(usize::MAX);
        let last = self.kept.iter_mut().rev();
        for event in last.take(unread.min(MERGE_BACK)) {
            if event.source.as_ref() != source {
                continue;
            }
            match event.kind.merge(kind) {
                Merge::Done => return true,
                Merge::Other => {}
                Merge::Never => return false,
            }
        }
        false
    }
}

/// What came of an attempt to add one event to another.
enum Merge {
    Done,
    /// Both could be added to others.
    Other,
    Never,
}

impl EventKind {
    fn merge(&mut self, other: &EventKind) -> Merge {
        match (self, other) {
            (
                EventKind::Dropped {
                    message,
                    reason,
                    count,
                },
                EventKind::Dropped {
                    message: same_message,
                    reason: same_reason,
                    count: more,
                },
            ) if message == same_message && reason == same_reason => {
                *count += more;
                Merge::Done
            }
            (
                EventKind::Skipped { message, count },
                EventKind::Skipped {
                    message: same_message,
                    count: more,
                },
            ) if message == same_message => {
                *count += more;
                Merge::Done
            }
            (
                EventKind::Dropped { .. } | EventKind::Skipped { .. },
                EventKind::Dropped { .. } | EventKind::Skipped { .. },
            ) => Merge::Other,
            _ => Merge::Never,
        }
    }
}
