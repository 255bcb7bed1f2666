//! The runtime of [zctor](https://docs.rs/zctor). Use that crate: this one has
//! what its generated code runs on, and its names may change in any release.

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]

mod actors;
mod alarms;
mod ask;
mod ask_error;
mod blocking;
mod cell;
mod context;
mod delivery;
mod event;
mod event_log;
mod events;
mod exit;
mod failure;
mod gate;
mod guard;
mod handle;
mod handled_by;
mod hub;
mod inbox;
mod incarnation;
mod label;
mod life;
mod mailbox;
mod milestones;
mod notes;
mod offer;
mod own_mail;
mod port;
#[doc(hidden)]
pub mod private;
mod protocol;
mod queue;
mod registry;
mod room;
mod seam;
mod shelf;
mod shutdown;
pub mod sim;
mod spawn;
mod stage;
mod stats;
mod suspicion;
mod sync;
mod system;
mod tell;
mod tell_error;
mod threads;
mod wait;
mod wait_cycle;
mod waiters;
mod waits;

pub use crate::actors::{ActorInfo, Actors};
pub use crate::ask::{Ask, Sent};
pub use crate::ask_error::AskError;
pub use crate::blocking::{Blocking, BlockingError};
pub use crate::context::{Context, TimerKey};
pub use crate::event::{DropReason, Event, EventKind};
pub use crate::events::{Events, NextEvent};
pub use crate::exit::{Crash, ExitReason, Place};
pub use crate::failure::{Failure, Result};
pub use crate::handle::{Handle, WeakHandle};
pub use crate::handled_by::{HandledBy, Output};
pub use crate::label::{ActorId, ActorLabel};
pub use crate::milestones::{StartError, Started, Stopped};
pub use crate::port::Reply;
pub use crate::protocol::{Kind, Mailbox, Overflow, Protocol, Style, Thread, Variant};
pub use crate::shutdown::{Shutdown, ShutdownError};
pub use crate::spawn::{ActorBuilder, NotSpawned, Spawn, SpawnError};
pub use crate::stats::Stats;
pub use crate::system::{System, SystemBuilder};
pub use crate::tell::Tell;
pub use crate::tell_error::{TellError, Undelivered};
pub use crate::wait::{WaitInHandler, wait};
pub use crate::wait_cycle::WaitCycle;
