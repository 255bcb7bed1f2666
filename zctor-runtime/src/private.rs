//! What generated code names.

pub use core::clone::Clone;
pub use core::cmp::{Eq, PartialEq};
pub use core::convert::{From, Infallible};
pub use core::fmt::{self, Debug, Display, Formatter};
pub use core::future::Future;
pub use core::hash::{Hash, Hasher};
pub use core::marker::{Copy, PhantomData, Send, Sized};
pub use core::ops::Deref;
pub use core::option::Option::{self, None, Some};
pub use core::panic;
pub use core::primitive::{bool, str, usize};
pub use core::result::Result::{self, Err, Ok};
pub use core::time::Duration;
pub use core::write;
pub use std::boxed::Box;
pub use std::ops::{FnMut, FnOnce};
pub use std::string::ToString;
pub use std::vec::Vec;

pub use crate::any_port::{PortBy, PortMaker, PortTaker, SoundPort, UnsoundPort};
pub use crate::ask::Ask;
pub use crate::ask_error::AskError;
pub use crate::batch::gathered::{Gathered, NoBatch};
pub use crate::batch::items::Batch;
pub use crate::batch::plan::{BatchPlan, InvalidBatch};
pub use crate::breaker::settings::BreakerSettings;
pub use crate::child::Child;
pub use crate::context::Context;
pub use crate::doubles::{Double, Script, Verify};
pub use crate::exit::Exit;
pub use crate::failure::Failure;
pub use crate::flush_error::FlushError;
pub use crate::handle::Handle;
pub use crate::handled_by::{HandledBy, Output, hook};
pub use crate::label::ActorId;
pub use crate::latest::NoLatest;
pub use crate::limit::limiter::RateLimiter;
pub use crate::limit::rate::Rate;
pub use crate::parameters::{misnamed, replies_itself};
pub use crate::port::{AwaitedReply, DeferredPort, Port, Reply};
pub use crate::protocol::{
    Again, Answer, Every, Fault, HandleOf, Kind, LatestKey, LockFree, Locked, Mailbox, Overflow,
    Payload, Protocol, Style, Thread, Variant,
};
pub use crate::ready::{Ready, ready};
pub use crate::retry::idempotent::IdempotentAsk;
pub use crate::supervision::accessors::{child, children, start_child, start_child_here};
pub use crate::supervision::arguments::{Arguments, Repeatable};
pub use crate::supervision::calls::StartChild;
pub use crate::supervision::declared::{AutoShutdown, Patience, Restart, Strategy};
pub use crate::supervision::limits::stop_time;
pub use crate::supervision::made::Made;
pub use crate::supervision::name::ChildName;
pub use crate::supervision::spec::{ChildSpec, Supervision};
pub use crate::supervision::stop_time::{StopTime, dynamic_stop_time};
pub use crate::supervision::supervisor::Supervisor;
pub use crate::system::System;
pub use crate::tell::Tell;
pub use crate::tell_error::TellError;
pub use crate::vouched::{
    AnswerOfAnAsk, KeyField, MessageField, RepeatedField, Sound, Table, again, again_unvouched,
    by_key, hash_key, key, same_key,
};

/// The rows of an enum.
#[must_use]
pub const fn rows<P: Table>() -> &'static [Variant] {
    P::ROWS
}

/// A thread of its own.
#[must_use]
pub const fn dedicated() -> Thread {
    Thread::Dedicated
}

/// Checks a field's type where it was written.
pub const fn assert_payload<T: Payload>() {}

/// Checks a reply's type where it was written.
pub const fn assert_answer<T: Answer>() {}

/// Checks the type of a start argument where it was written.
pub const fn assert_repeatable<T: Repeatable>() {}

/// Checks the type of a child where it was written.
pub const fn assert_protocol<P: Protocol>() {}

/// Queues a tell, without waiting.
///
/// # Errors
/// As [`Handle::tell`].
#[inline]
pub fn tell<P: Protocol>(handle: &Handle<P>, envelope: P::Envelope) -> Result<(), TellError<P>> {
    handle.tell_envelope(envelope)
}

/// Prepares a tell that waits for room.
pub fn tell_wait<P: Protocol>(handle: &Handle<P>, envelope: P::Envelope) -> Tell<P> {
    Tell::new(handle, envelope)
}

/// Has what was sent by now be handed over, without waiting for more.
///
/// # Errors
/// If the actor has ended.
pub fn flush<P: Protocol>(handle: &Handle<P>, kind: P::Kind) -> Result<(), FlushError> {
    handle.flush(kind)
}

/// Changes the size and the age of batches.
///
/// # Errors
/// If they make no sense.
pub fn configure<P: Protocol>(
    handle: &Handle<P>,
    kind: P::Kind,
    max: usize,
    within: Duration,
) -> Result<(), InvalidBatch> {
    handle.cell().configure(kind, BatchPlan::new(max, within))
}

/// Queues a tell that has a rate limit, without waiting.
///
/// # Errors
/// As [`Handle::tell`], and if there is no permit.
pub fn tell_limited<P: Protocol>(
    handle: &Handle<P>,
    kind: P::Kind,
    envelope: P::Envelope,
) -> Result<(), TellError<P>> {
    match handle.cell().limiter(kind).map(RateLimiter::try_acquire) {
        Some(Err(limited)) => Err(handle.limited(envelope, limited)),
        _ => handle.tell_envelope(envelope),
    }
}

/// Has a tell pass its rate limit first; it waits for a permit, or not.
pub fn limit<P: Protocol>(tell: Tell<P>, kind: P::Kind, waits: bool) -> Tell<P> {
    tell.limited(kind, waits)
}

/// Has an ask pass its circuit breaker and its rate limit first; it waits for
/// a permit, or not.
pub fn guard<P: Protocol, T, E>(
    ask: Ask<P, T, E>,
    kind: P::Kind,
    waits: bool,
    ignores: fn(&AskError<E>) -> bool,
) -> Ask<P, T, E> {
    ask.guarded(kind, waits, ignores)
}

/// The errors that a circuit breaker ignores where nothing else is said.
pub fn ignores_none<E>(_: &AskError<E>) -> bool {
    false
}

/// Prepares an ask that may be repeated.
pub fn idempotent<P: Protocol, T, E>(
    handle: &Handle<P>,
    make: impl FnMut(&Handle<P>) -> Ask<P, T, E> + Send + 'static,
) -> IdempotentAsk<P, T, E> {
    IdempotentAsk::new(handle, make)
}

/// A port for a reply, and where that is awaited.
#[must_use]
pub fn open<T, E>() -> (Port<T, E>, AwaitedReply<T, E>) {
    AwaitedReply::open()
}

/// The same for a reply that a handler may put off.
#[must_use]
pub fn open_deferred<T, E>() -> (DeferredPort<T, E>, AwaitedReply<T, E>) {
    AwaitedReply::open_deferred()
}

/// Prepares an ask.
pub fn ask<P: Protocol, T, E>(
    handle: &Handle<P>,
    limit: Option<Duration>,
    envelope: P::Envelope,
    awaited: AwaitedReply<T, E>,
) -> Ask<P, T, E> {
    Ask::new(handle, limit, envelope, awaited)
}
