//! Supervisors: actors that restart their children, as those of Erlang/OTP do.

pub(crate) mod accessors;
pub(crate) mod admin;
pub(crate) mod arguments;
pub(crate) mod backoff;
pub(crate) mod bond;
pub(crate) mod calls;
pub(crate) mod child_error;
pub(crate) mod declared;
pub(crate) mod desk;
pub(crate) mod engine;
pub(crate) mod info;
pub(crate) mod limits;
pub(crate) mod made;
mod member;
pub(crate) mod name;
mod plan;
mod planner;
mod planner_commands;
#[cfg(test)]
mod planner_model;
#[cfg(test)]
mod planner_schedules;
pub(crate) mod roster;
mod running;
pub(crate) mod spec;
pub(crate) mod starting;
mod steps;
pub(crate) mod stop_time;
pub(crate) mod subordinate;
pub(crate) mod supervisor;
pub(crate) mod tree;
mod tree_declared;
mod tree_text;
mod window;
mod workers;
