//! From tokens to what the user declared.

mod duration;
mod item;
pub(crate) mod list;
mod marks;
mod options;
pub(crate) mod value;

pub(crate) use item::{declaration, item};
pub(crate) use options::options;
