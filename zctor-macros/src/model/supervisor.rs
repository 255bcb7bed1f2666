//! The facts about a supervisor, beside those of the actor that it is.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use syn::Type;

use super::attributes::Attributes;
use super::declared::{AutoShutdown, Backoff, Patience, Restart, Strategy};

pub(crate) struct Supervisor {
    /// `ShopChildren`
    pub(crate) factories: Ident,
    /// `ShopChild`
    pub(crate) child: Ident,
    /// `ShopContext`
    pub(crate) context: Ident,
    pub(crate) strategy: Strategy,
    pub(crate) max_restarts: TokenStream,
    pub(crate) within: Duration,
    pub(crate) auto_shutdown: AutoShutdown,
    pub(crate) backoff: Option<Backoff>,
    pub(crate) children: Vec<Child>,
}

pub(crate) struct Child {
    /// Where it was declared.
    pub(crate) at: Span,
    pub(crate) ident: Ident,
    /// The variant's name.
    pub(crate) variant: String,
    /// The name of its factory and its accessor, and what it is called.
    pub(crate) method: Ident,
    pub(crate) text: String,
    /// `packers`. None if it is another's.
    pub(crate) plural: Option<Ident>,
    /// `start_visit`
    pub(crate) start: Ident,
    pub(crate) cfg: Attributes,
    pub(crate) docs: Attributes,
    pub(crate) documented: bool,
    pub(crate) deprecated: Attributes,
    /// The enum of the actor.
    pub(crate) ty: Type,
    /// Start arguments: their names as parameters, and their types.
    pub(crate) arguments: Vec<(Ident, Type)>,
    pub(crate) restart: Restart,
    pub(crate) shutdown: Option<(Span, Patience)>,
    pub(crate) significant: bool,
    pub(crate) dynamic: bool,
    pub(crate) count: Option<TokenStream>,
}

impl Child {
    /// Whether it has one place.
    pub(crate) fn is_single(&self) -> bool {
        !self.dynamic && self.count.is_none()
    }
}
