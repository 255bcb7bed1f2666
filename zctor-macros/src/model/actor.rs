//! The facts about an actor: computed once, by validation, and then only read.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Path, Type, Visibility};

use super::attributes::Attributes;
use super::declared::{Mailbox, Overflow, Thread, Value};
use super::generics::Generics;
use super::supervisor::Supervisor;

use crate::syntax::ItemEnum;

pub(crate) struct Actor {
    /// The enum as it is emitted.
    pub(crate) item: ItemEnum,
    /// The enum's visibility, for everything that is made from it.
    pub(crate) vis: Visibility,
    pub(crate) names: Names,
    pub(crate) generics: Generics,
    /// The enum's own `#[cfg]`s.
    pub(crate) cfg: Attributes,
    /// `#[non_exhaustive]`, for enums that have its variants.
    pub(crate) non_exhaustive: Attributes,
    pub(crate) mailbox: Mailbox,
    pub(crate) overflow: Overflow,
    pub(crate) thread: Thread,
    /// Whether a tell method returns something to wait for.
    pub(crate) tells_wait: bool,
    /// Something in it is deprecated, so that generated code must not warn about its use.
    pub(crate) deprecated: bool,
    /// What it supervises.
    pub(crate) supervisor: Option<Supervisor>,
    /// The fields of a variant that uses all parameters, where no message may do.
    pub(crate) phantom: Option<TokenStream>,
    /// The variants that have a place in the generated items.
    pub(crate) variants: Vec<Variant>,
    /// Variants that a mistake keeps out of them.
    pub(crate) left_out: Vec<(Ident, Attributes)>,
}

/// Names of generated items, and the path they are reached by.
pub(crate) struct Names {
    /// `::zctor`: for what users are shown. The rest names what is in `private`.
    pub(crate) root: TokenStream,
    /// `::zctor::__private`.
    pub(crate) private: TokenStream,
    pub(crate) actor: Ident,
    pub(crate) interface: Ident,
    pub(crate) handle: Ident,
    pub(crate) kind: Ident,
    pub(crate) envelope: Ident,
    /// Of the double, if there is to be one.
    pub(crate) double: Option<Ident>,
    /// The name of the actor as text.
    pub(crate) text: String,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) text: String,
    pub(crate) style: Style,
    pub(crate) method: Ident,
    pub(crate) fields: Vec<Field>,
    /// An ask, and how it is answered.
    pub(crate) ask: Option<Ask>,
    /// Whether it goes before ordinary messages.
    pub(crate) high: bool,
    /// The circuit breaker before it.
    pub(crate) breaker: Option<Breaker>,
    /// The rate limit before it.
    pub(crate) limit: Option<Limit>,
    /// That many of it are handled at once.
    pub(crate) batch: Option<Batching>,
    /// Only the latest of it counts.
    pub(crate) latest: Option<Latest>,
    /// The period in which the actor sends it to itself.
    pub(crate) every: Option<Duration>,
    /// Whether it may be handled more than once.
    pub(crate) idempotent: bool,
    /// Whether the handle has a method for it.
    pub(crate) on_handle: bool,
    pub(crate) cfg: Attributes,
    /// Documentation of the user's, for items that mirror the variant.
    pub(crate) docs: Attributes,
    /// Whether that documentation says anything.
    pub(crate) documented: bool,
    pub(crate) deprecated: Attributes,
    /// The name of the handler's context: not one of the fields'.
    pub(crate) context: Ident,
    /// Where it begins and where it ends.
    pub(crate) extent: (Span, Span),
}

impl Variant {
    /// The types that an answer can have: of an ask one, or two.
    pub(crate) fn answers(&self) -> Vec<&Type> {
        let mut all = Vec::new();
        if let Some(ask) = &self.ask {
            all.push(&ask.answer);
            all.extend(&ask.error);
        }
        all
    }

    /// The field by which its messages are told apart.
    pub(crate) fn key(&self) -> Option<&Field> {
        self.fields.get(self.latest.as_ref()?.by?)
    }
}

pub(crate) struct Breaker {
    /// Where it was written.
    pub(crate) at: Span,
    /// The settings that differ from the usual, by the names of their methods.
    pub(crate) settings: Vec<(&'static str, Value)>,
    /// The function that says which errors are of no account.
    pub(crate) ignore: Option<Path>,
    /// Whether it can be checked where it is declared: it names no parameter.
    pub(crate) known: bool,
}

pub(crate) struct Limit {
    /// Where it was written.
    pub(crate) at: Span,
    pub(crate) count: TokenStream,
    pub(crate) per: Duration,
    pub(crate) burst: Option<TokenStream>,
    /// Whether what has no permit waits for one.
    pub(crate) waits: bool,
    /// Whether it can be checked where it is declared: it names no parameter.
    pub(crate) known: bool,
}

pub(crate) struct Latest {
    /// The number of the field by which messages are told apart, if there is one.
    pub(crate) by: Option<usize>,
}

pub(crate) struct Batching {
    /// Where it was written.
    pub(crate) at: Span,
    pub(crate) max: TokenStream,
    pub(crate) within: Duration,
    /// What the handler's parameter is called.
    pub(crate) parameter: Ident,
    /// Whether it can be checked where it is declared: it names no parameter.
    pub(crate) known: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Unit,
    Tuple,
    Struct,
}

pub(crate) struct Field {
    pub(crate) cfg: Attributes,
    /// What the user says of it, as it reads in a list.
    pub(crate) docs: Option<String>,
    /// Its name in the enum: none in a tuple.
    pub(crate) ident: Option<Ident>,
    /// Its name as text: `0`, `1`, … in a tuple.
    pub(crate) text: String,
    /// Its name in the envelope, which is also that of bindings.
    pub(crate) slot: Ident,
    /// Its name as a parameter.
    pub(crate) parameter: Ident,
    pub(crate) ty: Type,
}

pub(crate) struct Ask {
    pub(crate) answer: Type,
    pub(crate) error: Option<Type>,
    /// The name of the parameter for the reply, where the handler answers later.
    pub(crate) deferred: Option<Ident>,
    pub(crate) limit: Option<Duration>,
}
