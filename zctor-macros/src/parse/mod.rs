//! From tokens to what the user declared.

mod argument;
mod child;
mod duration;
mod flow;
mod item;
pub(crate) mod list;
mod marks;
mod options;
mod settings;
mod supervisor;
mod unfinished;
pub(crate) mod value;

pub(crate) use item::{declaration, is_supervisor, item};
pub(crate) use options::options;
pub(crate) use supervisor::options as supervisor_options;
