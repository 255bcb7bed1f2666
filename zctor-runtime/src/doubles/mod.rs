//! Actors whose answers are scripted. Generated code has them, so they are
//! there without the rest of what tests are helped by, which needs the feature
//! `test`.

mod double;
mod script;

pub use self::double::{Double, Verify};
pub use self::script::Script;
