//! The runtime of [zctor](https://docs.rs/zctor). Use that crate: this one has
//! what its generated code runs on, and its names may change in any release.

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]

mod ask;
mod ask_error;
mod beside;
mod cell;
mod child;
mod children;
mod context;
mod delivery;
mod exit;
mod failure;
mod family;
mod gate;
mod guard;
mod handle;
mod handled_by;
mod hub;
mod inbound;
mod incarnation;
mod label;
mod life;
mod mailbox;
mod milestones;
mod or_drop;
mod own;
mod pipes;
mod port;
#[doc(hidden)]
pub mod private;
mod protocol;
mod recipient;
mod registry;
mod seam;
mod seat;
mod shutdown;
mod spawn;
mod spawn_error;
mod stage;
mod sync;
mod system;
mod tell;
mod tell_error;
mod threads;
mod ties;
mod timed;
mod timers;
mod wait;
mod wait_cycle;
mod waiters;
mod waits;
mod watch;
mod watchers;
mod watching;

pub use crate::ask::{Ask, Sent};
pub use crate::ask_error::AskError;
pub use crate::beside::PipeKey;
pub use crate::child::Child;
pub use crate::context::Context;
pub use crate::exit::{Crash, Exit, ExitReason, Place};
pub use crate::failure::{Failure, Result};
pub use crate::handle::{Handle, WeakHandle};
pub use crate::handled_by::{HandledBy, Output};
pub use crate::label::{ActorId, ActorLabel};
pub use crate::milestones::{StartError, Started, Stopped};
pub use crate::or_drop::OrDrop;
pub use crate::port::Reply;
pub use crate::protocol::{Kind, Mailbox, Overflow, Protocol, Style, Variant};
pub use crate::recipient::{Recipient, RecipientError, WeakRecipient};
pub use crate::seat::{Reserve, Seat};
pub use crate::shutdown::{Shutdown, ShutdownError};
pub use crate::spawn::{ActorBuilder, Spawn};
pub use crate::spawn_error::{NotSpawned, SpawnError};
pub use crate::system::{System, SystemBuilder};
pub use crate::tell::Tell;
pub use crate::tell_error::{TellError, Undelivered};
pub use crate::timed::NamedTimer;
pub use crate::timers::{TimerKey, TimerName};
pub use crate::wait::{WaitInHandler, wait};
pub use crate::wait_cycle::WaitCycle;
pub use crate::watching::MonitorKey;
pub use futures_core::Stream;
