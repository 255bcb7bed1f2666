//! The runtime of [zctor](https://docs.rs/zctor). Use that crate: this one has
//! what its generated code runs on, and its names may change in any release.

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]

mod actor_pool;
mod actors;
mod admission;
mod alarms;
mod answer;
mod any_port;
#[cfg(feature = "arena")]
pub mod arena;
mod ask;
mod ask_error;
mod batch;
mod beside;
mod blocking;
mod breaker;
mod broadcast;
mod cell;
mod child;
mod children;
mod clocked;
mod context;
mod delivery;
pub mod doubles;
mod event;
mod event_log;
mod events;
mod exit;
mod failure;
mod family;
mod fault;
mod flush_error;
mod gate;
mod guard;
mod handle;
mod handled_by;
mod high_lane;
mod hub;
mod inbound;
mod inbox;
mod incarnation;
mod inquiry;
mod kinds;
mod label;
mod latest;
mod life;
mod limit;
mod mail_queue;
mod mailbox;
mod milestones;
mod notes;
mod object_pool;
mod observe;
mod offer;
mod or_drop;
mod ordered;
mod own;
mod own_mail;
mod parameters;
mod pipes;
mod port;
#[doc(hidden)]
pub mod private;
mod protocol;
pub mod queue;
mod ready;
mod recipient;
mod registry;
mod retry;
mod role;
mod room;
#[cfg(feature = "arena")]
mod scratch;
// Simulations look at more of it than threads do.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
mod seam;
mod seat;
mod send_error;
mod sent_by_type;
mod shelf;
mod shutdown;
#[cfg(feature = "test")]
pub mod sim;
mod spawn;
mod spawn_error;
mod stage;
mod stats;
mod supervision;
mod suspicion;
mod sync;
mod system;
mod system_builder;
mod tell;
mod tell_error;
#[cfg(feature = "test")]
pub mod test_kit;
mod threads;
mod ties;
mod timed;
mod timers;
mod topic;
mod vouched;
mod wait;
mod wait_cycle;
mod waiters;
mod waits;
mod watch;
mod watchers;
mod watching;

pub use crate::actor_pool::{ActorPool, ActorPoolBuilder, PoolOf, Resize, ResizeError, SpawnPool};
pub use crate::actors::{ActorInfo, Actors};
pub use crate::ask::{Ask, Sent};
pub use crate::ask_error::AskError;
pub use crate::batch::items::Batch;
pub use crate::batch::plan::{BatchPlan, InvalidBatch};
pub use crate::beside::PipeKey;
pub use crate::blocking::{Blocking, BlockingError};
pub use crate::breaker::circuit::{CircuitBreaker, GuardedCall};
pub use crate::breaker::settings::{BreakerSettings, InvalidBreaker};
pub use crate::breaker::state::{
    BreakerMetrics, CircuitChange, CircuitOpen, CircuitState, GuardedError,
};
pub use crate::broadcast::Broadcast;
pub use crate::child::Child;
pub use crate::clocked::Sleep;
pub use crate::context::Context;
pub use crate::event::{DropReason, Event, EventKind};
pub use crate::events::{Events, NextEvent};
pub use crate::exit::{Crash, Exit, ExitKind, ExitReason, Place, ShutdownReason};
pub use crate::failure::{Failure, Result};
pub use crate::flush_error::FlushError;
pub use crate::handle::{Handle, WeakHandle};
pub use crate::handled_by::{HandledBy, HandlerError, Output};
pub use crate::label::{ActorId, ActorLabel};
pub use crate::limit::limited::Limited;
pub use crate::limit::limiter::{Acquire, RateLimiter};
pub use crate::limit::rate::{InvalidRate, Rate};
pub use crate::milestones::{StartError, Started, Stopped};
pub use crate::object_pool::{Pool, PoolBuilder, PoolError, PoolStats, Pooled};
pub use crate::or_drop::OrDrop;
pub use crate::port::Reply;
pub use crate::protocol::{HandleOf, Kind, Mailbox, Overflow, Protocol, Style, Thread, Variant};
pub use crate::recipient::{Recipient, RecipientError, WeakRecipient};
pub use crate::retry::idempotent::{IdempotentAsk, Retrying};
pub use crate::retry::policy::Retry;
pub use crate::seat::{Reserve, Seat};
pub use crate::send_error::{NotSent, SendError};
pub use crate::shutdown::{Shutdown, ShutdownError};
pub use crate::spawn::{ActorBuilder, Spawn};
pub use crate::spawn_error::{NotSpawned, SpawnError};
pub use crate::stats::Stats;
pub use crate::supervision::calls::{Administer, StartChild};
pub use crate::supervision::child_error::ChildError;
pub use crate::supervision::declared::{AutoShutdown, Backoff, Patience, Restart, Strategy};
pub use crate::supervision::info::{ChildCounts, ChildInfo, ChildState};
pub use crate::supervision::name::ChildName;
pub use crate::supervision::starting::Starting;
pub use crate::supervision::supervisor::Supervisor;
pub use crate::supervision::tree::{Node, Tree};
pub use crate::system::System;
pub use crate::system_builder::SystemBuilder;
pub use crate::tell::Tell;
pub use crate::tell_error::{TellError, Undelivered};
pub use crate::timed::NamedTimer;
pub use crate::timers::{TimerKey, TimerName};
pub use crate::topic::Topic;
pub use crate::topic::published::Published;
pub use crate::topic::slow::Slow;
pub use crate::topic::subscription::Subscription;
pub use crate::topic::topic_error::TopicError;
pub use crate::wait::{WaitInHandler, wait};
pub use crate::wait_cycle::WaitCycle;
pub use crate::watching::MonitorKey;
#[cfg(feature = "arena")]
pub use bumpalo;
pub use futures_core::Stream;
#[cfg(feature = "proptest")]
pub use proptest;
