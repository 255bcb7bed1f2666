//! Actors of every kind, in a crate that allows itself nothing.

pub mod account;
pub mod constants;
pub mod flow;
pub mod generics;
pub mod plain;
pub mod supervision;
pub mod visibility;
