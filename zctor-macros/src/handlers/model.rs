//! What `#[handlers]` stands on.

use proc_macro2::{Span, TokenStream};
use syn::{Path, Type};

use crate::model::attributes::Attributes;
use crate::syntax::{ImplItem, ImplItemFn, ItemImpl};

/// What is given in the parentheses of `#[handlers(…)]`.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(super) protocol: Option<(Span, Option<Type>)>,
    pub(super) root: Option<(Span, Option<Path>)>,
}

/// An impl whose handlers have been checked.
pub(crate) struct Handlers {
    /// `::zctor::__private`.
    pub(super) private: TokenStream,
    /// The impl, without its items.
    pub(super) head: ItemImpl,
    /// The actor's enum, with its arguments.
    pub(super) protocol: Type,
    /// Whether the compiler knows the protocol's fields where the impl stands.
    pub(super) concrete: bool,
    pub(super) items: Vec<Item>,
    /// What is reported as no handler: it goes where it belongs, for those who call it.
    pub(super) beside: Vec<ImplItemFn>,
}

pub(super) enum Item {
    Handler(Box<Handler>),
    /// The hook `ready`, which is no handler, and what it lacks is put right.
    Ready(Box<ImplItemFn>),
    /// A handler that cannot be made sense of.
    Broken(Box<Broken>),
    /// Not a function: the compiler's to judge.
    Other(ImplItem),
}

pub(super) struct Handler {
    /// The function, with its receiver as the trait has it.
    pub(super) function: ImplItemFn,
    /// Whether its last parameter is the context.
    pub(super) takes_context: bool,
    /// Its last parameter, but for the context, if that is a `Reply`.
    pub(super) reply: Option<Replying>,
    /// Its parameters by name, if all are plain names.
    pub(super) parameters: Option<Parameters>,
}

/// A parameter `reply: Reply<T, E>`.
pub(super) struct Replying {
    pub(super) at: Type,
    /// `T`, and `E` if there is one.
    pub(super) types: Vec<Type>,
    /// The conditions of each parameter, without the context: it is the last one.
    pub(super) parameters: Vec<Attributes>,
}

/// The parameters that stand for fields of the message.
pub(super) struct Parameters {
    pub(super) names: Vec<(Attributes, String)>,
    pub(super) first: Span,
    pub(super) last: Span,
}

pub(super) struct Broken {
    pub(super) function: ImplItemFn,
    /// A type that says what is wrong.
    pub(super) says: Type,
    /// How many fields it takes.
    pub(super) fields: usize,
}
