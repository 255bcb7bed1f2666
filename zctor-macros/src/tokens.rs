//! Tokens, put together and gone through.
//!
//! `collect` and `extend` are compiled anew for each type of iterator that they are given, and of token
//! streams that is more than a thousand lines of LLVM's language each time. These loops are a few.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// All of them, one behind the other.
pub(crate) fn all<T: ToTokens>(parts: impl IntoIterator<Item = T>) -> TokenStream {
    let mut all = TokenStream::new();
    for part in parts {
        part.to_tokens(&mut all);
    }
    all
}

/// What is made of each, one behind the other.
pub(crate) fn each<'a, T, M: ToTokens>(
    of: &'a [T],
    mut make: impl FnMut(&'a T) -> M,
) -> TokenStream {
    parted(of, None, &mut make)
}

/// The same, with commas between them.
pub(crate) fn with_commas<'a, T, M: ToTokens>(
    of: &'a [T],
    mut make: impl FnMut(&'a T) -> M,
) -> TokenStream {
    parted(of, Some(quote!(,)), &mut make)
}

/// What the two have in common, compiled once for all closures of a kind.
fn parted<'a, T, M: ToTokens>(
    of: &'a [T],
    by: Option<TokenStream>,
    make: &mut dyn FnMut(&'a T) -> M,
) -> TokenStream {
    let mut all = TokenStream::new();
    let mut before = &None;
    for one in of {
        before.to_tokens(&mut all);
        make(one).to_tokens(&mut all);
        before = &by;
    }
    all
}

/// The same tokens, each of them changed.
pub(crate) fn changed(
    tokens: TokenStream,
    change: &mut dyn FnMut(TokenTree) -> TokenTree,
) -> TokenStream {
    let mut all = TokenStream::new();
    for tree in tokens {
        all.extend([change(tree)]);
    }
    all
}

/// The same tokens at one place.
pub(crate) fn at(tokens: TokenStream, span: Span) -> TokenStream {
    changed(tokens, &mut |mut tree| {
        tree.set_span(span);
        tree
    })
}

/// The same tokens where `span` is, with the names resolved as they were.
pub(crate) fn located_at(tokens: TokenStream, span: Span) -> TokenStream {
    changed(tokens, &mut |mut tree| {
        tree.set_span(tree.span().located_at(span));
        tree
    })
}

/// The same delimiters at the same place, with other tokens inside.
pub(crate) fn regrouped(group: &Group, inside: TokenStream) -> TokenTree {
    let mut changed = Group::new(group.delimiter(), inside);
    changed.set_span(group.span());
    TokenTree::Group(changed)
}

/// Whether one of the names is among them, also in a group.
pub(crate) fn mention(tokens: TokenStream, names: &[Ident]) -> bool {
    for tree in tokens {
        let found = match tree {
            TokenTree::Ident(ident) => names.contains(&ident),
            TokenTree::Group(group) => mention(group.stream(), names),
            _ => false,
        };
        if found {
            return true;
        }
    }
    false
}
