//! The real [`Seam`](crate::seam::Seam): worker threads that steal from one another, a thread
//! for alarms, and the monotonic clock.

mod driver;
mod queues;
mod sleep;
mod worker;

pub(crate) use self::worker::start;
