//! Actors as enums. (The guide comes with the first release.)

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]

pub use zctor_macros::{actor, handlers};
pub use zctor_runtime::{
    ActorBuilder, ActorId, ActorLabel, Ask, AskError, Context, Crash, ExitReason, Failure, Handle,
    HandledBy, Kind, Mailbox, NotSpawned, Output, Overflow, Place, Protocol, Result, Sent,
    Shutdown, ShutdownError, Spawn, SpawnError, StartError, Started, Stopped, Style, System,
    SystemBuilder, Tell, TellError, TimerKey, Undelivered, Variant, WaitInHandler, WeakHandle,
};

#[doc(hidden)]
pub use zctor_runtime::private as __private;

/// What nearly every program that uses zctor imports.
pub mod prelude {
    pub use zctor_macros::{actor, handlers};
    pub use zctor_runtime::{
        AskError, Context, Failure, Handle, Kind as _, Protocol, Spawn as _, System, TellError,
    };
}
