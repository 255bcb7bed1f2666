//! Many actors of one protocol behind one handle.

mod builder;
mod choices;
mod crowd;
mod hash;
mod keeper;
mod kind;
mod pool;
mod resize;

pub use self::builder::{ActorPoolBuilder, SpawnPool};
pub use self::kind::PoolOf;
pub use self::pool::ActorPool;
pub use self::resize::{Resize, ResizeError};
