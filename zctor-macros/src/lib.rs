//! The attribute macros of zctor.
//!
//! Use them through the crate `zctor`, which re-exports them beside what their output runs on.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod diag;
mod expand;
mod handlers;
mod model;
mod parse;
mod pipeline;
mod validate;
mod wording;

use proc_macro::TokenStream;

/// Makes an enum the protocol of an actor.
#[proc_macro_attribute]
pub fn actor(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::actor(options.into(), item.into()).into()
}

/// Makes an impl of an actor's trait from plain functions.
#[proc_macro_attribute]
pub fn handlers(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::handlers(arguments.into(), item.into()).into()
}
