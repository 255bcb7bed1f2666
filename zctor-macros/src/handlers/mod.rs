//! `#[handlers]`: from plain functions to the methods of an actor's trait.

mod bounds;
mod check;
mod context;
mod expand;
mod lifetimes;
mod model;
mod parse;
mod ready;
mod unread;

pub(crate) use check::{check, makes_children};
pub(crate) use expand::expand;
pub(crate) use parse::{arguments, item};
