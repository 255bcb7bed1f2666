//! The real [`Seam`](crate::seam::Seam): worker threads that steal from one another, a thread
//! for alarms, threads for what blocks, and the monotonic clock; or, in its place, the
//! clock of a test.

mod ambience;
mod by_dial;
mod crew;
mod desk;
// What only the clock of a test asks.
#[cfg_attr(not(feature = "test"), allow(dead_code))]
mod dial;
mod driver;
mod lane;
mod patience;
mod pool;
mod queues;
mod relief;
#[cfg_attr(not(feature = "test"), allow(dead_code))]
mod rest;
mod sleep;
mod start;
mod together;
mod watch;
mod worker;

pub(crate) use self::ambience::Ambience;
pub(crate) use self::dial::Dial;
#[cfg(feature = "test")]
pub(crate) use self::dial::{FURTHEST, SETTLE_LIMIT};
#[cfg(feature = "test")]
pub(crate) use self::patience::patiently;
pub(crate) use self::start::start;
pub(crate) use self::watch::Limits;
