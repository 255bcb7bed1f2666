//! The real [`Seam`](crate::seam::Seam): worker threads that steal from one another, a thread
//! for alarms, threads for what blocks, and the monotonic clock.

mod ambience;
mod crew;
mod desk;
mod driver;
mod lane;
mod pool;
mod queues;
mod relief;
mod sleep;
mod start;
mod watch;
mod worker;

pub(crate) use self::ambience::Ambience;
pub(crate) use self::start::start;
pub(crate) use self::watch::Limits;
