//! What the types promise, checked when this compiles.

use static_assertions::{assert_eq_size, assert_impl_all, assert_not_impl_any};
use std::cell::Cell;
use std::error::Error;
use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::panic::UnwindSafe;
use std::rc::Rc;
use zctor::prelude::*;
use zctor::queue::{Bounded, BoundedIntoIter, Unbounded, UnboundedIntoIter};
use zctor::test::{
    Expect, Got, Handled, Leak, LeakCheck, Leaks, Probe, Quiet, Recording, TestClock, Verify,
};
use zctor::{
    ActorPool, Ask, Broadcast, Crash, ExitReason, Pool, Pooled, Published, Resize, ResizeError,
    SendError, Sent, ShutdownError, SpawnError, StartError, Started, Stopped, Subscription, Tell,
    Topic, TopicError, WeakHandle,
};

/// Messages that are neither `Sync` nor `Clone` nor `Debug`, and a reply that
/// is not either.
#[actor(mailbox = 4, double)]
enum Odd {
    Put(Cell<u32>),
    #[reply(Cell<u32>, error = Cell<u8>)]
    Take,
}

struct Hat(Cell<u32>);

#[handlers]
impl OddActor for Hat {
    fn put(&mut self, value: Cell<u32>) {
        self.0 = value;
    }
    fn take(&mut self) -> Result<Cell<u32>, Cell<u8>> {
        Ok(self.0.clone())
    }
}

// Handles go everywhere, whatever the messages are.
assert_impl_all!(OddHandle: Send, Sync, Clone, Eq, Hash, Debug, Unpin);
assert_impl_all!(WeakHandle<Odd>: Send, Sync, Clone, Eq, Hash, Debug, Unpin);
assert_impl_all!(Topic<Cell<u32>>: Send, Sync, Clone, Eq, Hash, Debug, Unpin);
assert_impl_all!(Subscription: Send, Sync, Debug, Unpin);
assert_impl_all!(Published: Send, Sync, Copy, Eq, Debug);
assert_impl_all!(ActorPool<Odd>: Send, Sync, Clone, Eq, Hash, Debug, Unpin);
assert_impl_all!(OddKind: Send, Sync, Copy, Eq, Hash, Debug);

// What can take time is a future that any executor can run.
assert_impl_all!(Ask<Odd, Cell<u32>, Cell<u8>>: Send, Future, Unpin, Debug);
assert_impl_all!(Sent<Cell<u32>, Cell<u8>>: Send, Future, Unpin, Debug);
assert_impl_all!(Tell<Odd>: Send, Future, Unpin, Debug);
assert_impl_all!(Started<Odd>: Send, Future, Debug);
assert_impl_all!(Stopped<Odd>: Send, Future, Debug);
assert_impl_all!(Resize: Send, Future, Unpin, Debug);

// What stands in for actors goes where a test wants it.
assert_impl_all!(Probe<Odd>: Send, Sync, Clone, Debug, Unpin);
assert_impl_all!(OddDouble: Send, Sync, Debug, Unpin);
assert_impl_all!(Recording<Odd>: Send, Sync, Clone, Debug, Default);
assert_impl_all!(TestClock: Send, Sync, Clone, Debug, Default, Eq);
assert_impl_all!(LeakCheck: Send, Sync, Clone, Debug, Default);
assert_impl_all!(Leak: Send, Sync, Clone, Debug);
assert_impl_all!(Leaks: Send, Sync, Clone, Error);
assert_impl_all!(Expect<Odd>: Send, Future, Unpin, Debug);
assert_impl_all!(Quiet<Odd>: Send, Future, Unpin, Debug);
assert_impl_all!(Verify: Send, Future, Unpin, Debug);
assert_impl_all!(Got<Odd>: Send);
assert_impl_all!(Handled<Odd>: Send, Debug);

// Errors are errors, and convert into any other kind of error.
assert_impl_all!(TellError<Odd>: Send, Sync, Error);
assert_impl_all!(SpawnError<Hat>: Send, Sync, Error);
assert_impl_all!(SendError<Odd>: Send, Sync, Error);
assert_impl_all!(Broadcast<Odd>: Send, Sync, Debug);
assert_impl_all!(ResizeError: Send, Sync, Clone, Error);
assert_impl_all!(AskError: Send, Sync, Error);
assert_impl_all!(AskError<Cell<u8>>: Send, Error);
assert_impl_all!(TopicError: Send, Sync, Clone, Error);
assert_impl_all!(StartError: Send, Sync, Clone, Error);
assert_impl_all!(ShutdownError: Send, Sync, Clone, Error);
assert_impl_all!(ExitReason: Send, Sync, Clone, Debug);
assert_impl_all!(Crash: Send, Sync, Clone, Debug);
assert_impl_all!(Failure: Send, Sync, Debug, From<TellError<Odd>>, From<SpawnError<Hat>>);

// A pool goes everywhere, and what comes out of it wherever its object may go.
assert_impl_all!(Pool<Cell<u8>>: Send, Sync, Clone, Debug);
assert_impl_all!(Pooled<Cell<u8>>: Send, Debug);
assert_impl_all!(Pooled<u8>: Send, Sync, Unpin);
assert_not_impl_any!(Pooled<Cell<u8>>: Sync, Clone);
assert_not_impl_any!(Pooled<Rc<u8>>: Send, Sync);
assert_not_impl_any!(Pool<Rc<u8>>: Send, Sync);

// An arena may go to any thread, but is for one at a time; its handles are plain
// values, whatever they name.
#[cfg(feature = "arena")]
mod arenas {
    use super::*;
    use zctor::arena::{Arena, ArenaError, MessageArena, Stored};

    assert_impl_all!(Arena: Send, Debug, Default);
    assert_impl_all!(Pooled<Arena>: Send);
    assert_impl_all!(MessageArena<'static>: Send, Debug);
    assert_not_impl_any!(Arena: Sync, Clone);
    assert_not_impl_any!(MessageArena<'static>: Sync, Clone);
    assert_impl_all!(Stored<Rc<u8>>: Send, Sync, Copy, Eq, Hash, Debug);
    assert_impl_all!(Stored<str>: Send, Sync, Copy, Eq, Hash, Debug);
    assert_impl_all!(ArenaError: Send, Sync, Copy, Error);
    assert_eq_size!(Arena, usize);
}

// A queue as well, as far as what is in it may.
assert_impl_all!(Unbounded<Cell<u8>>: Send, Sync, Unpin, Default, Debug, UnwindSafe);
assert_impl_all!(Bounded<Cell<u8>>: Send, Sync, Unpin, Debug, UnwindSafe);
assert_impl_all!(UnboundedIntoIter<Odd>: Send, Sync, Debug, ExactSizeIterator);
assert_impl_all!(BoundedIntoIter<Odd>: Send, Sync, Debug, ExactSizeIterator);
assert_not_impl_any!(Unbounded<Rc<u8>>: Send, Sync);
assert_not_impl_any!(Bounded<Rc<u8>>: Send, Sync);

// A context belongs to one actor, and a builder's state is used once.
assert_not_impl_any!(Context<Odd>: Clone, Copy);

// The result of a tell fits in a register.
assert_eq_size!(Result<(), TellError<Odd>>, usize);
assert_eq_size!(OddHandle, usize);

#[test]
fn and_when_it_runs() -> zctor::Result<()> {
    let system = System::new()?;
    let odd = Odd::spawn(&system, Hat(Cell::new(1)));
    odd.put(Cell::new(7)).wait()?;
    assert_eq!(odd.take().wait().unwrap().get(), 7);
    system.shutdown().wait()
}
