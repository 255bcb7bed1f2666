//! Objects that are used again: what users see is [`Pool`] and [`Pooled`].

mod builder;
mod home;
mod pool;
mod pooled;
mod stats;
mod store;

pub use self::builder::{PoolBuilder, PoolError};
pub use self::pool::Pool;
pub use self::pooled::Pooled;
pub use self::stats::PoolStats;
