//! Queues without a lock, for use beside actors.
//!
//! What one actor has for another goes through its mailbox. Sometimes there is
//! something beside that: a thread that hands over work which whoever is free
//! takes, results that nobody waits for, readings of which the last few will
//! do. These two are queues for that, with any number of threads and actors at
//! both ends, shared in an [`Arc`](std::sync::Arc) or a `static`:
//!
//! - [`Unbounded`] takes whatever comes. It is what is behind
//!   `#[actor(mailbox = lock_free)]`;
//! - [`Bounded`] has room for so many, made when the queue is made. What finds
//!   it full comes back, or takes the place of the oldest.
//!
//! They are those of crossbeam, `SegQueue` and `ArrayQueue`, and this is a thin
//! layer over them. Nothing in them waits for something to come or for room:
//! `pop` says that there is nothing, `push` that there is no room. Who wants to
//! be woken wants an actor.
//!
//! # What the name promises
//!
//! Nobody ever holds a lock, so nobody goes to sleep on one. It is not the
//! promise of the textbooks, that some thread always gets on: one that is
//! interrupted after it took its place in the queue, and before it has filled
//! it, holds up who is next to take from there. So does one that is interrupted
//! while it takes an item out of a [`Bounded`] queue, if that is full but for
//! this place, and who fills the last place of a piece of memory of an
//! [`Unbounded`] one. Whoever is held up spins: at an [`Unbounded`] queue it
//! soon yields its thread, at a [`Bounded`] one it goes on until the system
//! takes the core away from it.
//!
//! Threads with a real-time priority are not made to yield to others. One that
//! shares a core with those that it is held up by may spin for ever: give it a
//! core of its own, or a lock that knows of priorities.
//!
//! ```
//! use std::thread;
//! use zctor::queue::Unbounded;
//!
//! static JOBS: Unbounded<u64> = Unbounded::new();
//!
//! (1..=100).for_each(|job| JOBS.push(job));
//! let done: u64 = thread::scope(|scope| {
//!     let work = || std::iter::from_fn(|| JOBS.pop()).sum::<u64>();
//!     let workers = [scope.spawn(work), scope.spawn(work)];
//!     workers.map(|worker| worker.join().unwrap()).iter().sum()
//! });
//! assert_eq!(done, 5050);
//! ```

mod bounded;
mod unbounded;

pub use self::bounded::{Bounded, BoundedIntoIter};
pub use self::unbounded::{Unbounded, UnboundedIntoIter};
