//! Handlers that are being typed, and cannot be read.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

use super::model::{Broken, Item};
use crate::diag::Report;
use crate::editor::presence;
use crate::model::names::plain;
use crate::parse::list::{Entry, entries};
use crate::syntax::ImplItem;
use crate::wording::handlers as say;

/// What stands in the place of a handler, so that the compiler does not miss it. An editor completes what
/// is there of it.
pub(super) fn item(tokens: TokenStream, report: &mut Report) -> Option<Item> {
    let known = head(&tokens);
    if let Some((name, _)) = &known {
        report.at(name.span(), say::unread(&plain(name)));
    }
    if presence::is_there() {
        return Some(Item::Other(ImplItem::Verbatim(tokens)));
    }
    let (name, inputs) = known?;
    let inputs = entries(inputs.stream());
    let has = |entry: Option<&Entry>, word: &str| {
        let trees = entry.map(|entry| entry.tokens.clone()).unwrap_or_default();
        let mut trees = trees.into_iter();
        trees.any(|tree| matches!(tree, TokenTree::Ident(name) if name == word))
    };
    let others = usize::from(has(inputs.first(), "self"))
        + usize::from(inputs.len() > 1 && has(inputs.last(), "Context"));
    Some(Item::Broken(Box::new(Broken {
        // A keyword is no name.
        function: syn::parse2(quote!(fn #name(&mut self) {})).ok()?,
        says: report.latest_as_type(),
        fields: inputs.len().saturating_sub(others),
    })))
}

/// Whether it is at least known which handler it is.
pub(super) fn is_a_handler(tokens: &TokenStream) -> bool {
    head(tokens).is_some()
}

/// The name, and the parameters. The hook `ready` is no handler.
fn head(tokens: &TokenStream) -> Option<(Ident, Group)> {
    let trees = tokens.clone().into_iter();
    let mut trees =
        trees.skip_while(|tree| !matches!(tree, TokenTree::Ident(word) if word == "fn"));
    match (trees.next()?, trees.next()?, trees.next()?) {
        (_, TokenTree::Ident(name), TokenTree::Group(inputs))
            if name != "ready" && syn::parse2::<Ident>(quote!(#name)).is_ok() =>
        {
            Some((name, inputs))
        }
        _ => None,
    }
}
