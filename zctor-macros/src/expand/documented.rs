//! Impls as they are documented: by names that anybody would give, and without the clauses that only
//! the compiler needs.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};

use super::locals::PREFIX;
use super::vouch::BELIEVED;
use crate::model::names::located;
use crate::tokens::regrouped;

pub(crate) fn documented(item: TokenStream) -> TokenStream {
    let mut trees = item.into_iter();
    let mut tidy = TokenStream::new();
    while let Some(tree) = trees.next() {
        let is_clause = matches!(&tree, TokenTree::Ident(word) if word == "where");
        tidy.extend([tidied(tree)]);
        if is_clause {
            for_readers(&mut trees, &mut tidy);
        }
    }
    tidy
}

fn tidied(tree: TokenTree) -> TokenTree {
    match tree {
        TokenTree::Ident(name) => TokenTree::Ident(plain(name)),
        TokenTree::Group(group) => regrouped(&group, documented(group.stream())),
        other => other,
    }
}

/// A clause without what only the compiler needs, and what ends it.
fn for_readers(trees: &mut impl Iterator<Item = TokenTree>, tidy: &mut TokenStream) {
    let mut predicate = Vec::new();
    let mut depth = 0_usize;
    let mut after_dash = false;
    for tree in trees {
        let (mut parts, mut ends) = (false, false);
        match &tree {
            TokenTree::Punct(mark) => match mark.as_char() {
                '<' => depth += 1,
                '>' if !after_dash => depth = depth.saturating_sub(1),
                ',' => parts = depth == 0,
                ';' => ends = true,
                _ => {}
            },
            // Between `<` and `>` it is a constant.
            TokenTree::Group(group) => ends = depth == 0 && group.delimiter() == Delimiter::Brace,
            _ => {}
        }
        after_dash = matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == '-');
        if ends {
            tidy.extend(only_for_readers(&mut predicate));
            tidy.extend([tidied(tree)]);
            return;
        }
        predicate.push(tidied(tree));
        if parts {
            tidy.extend(only_for_readers(&mut predicate));
        }
    }
    tidy.extend(only_for_readers(&mut predicate));
}

/// The predicate, if it is not of the form `for<'__zctor> …`.
fn only_for_readers(predicate: &mut Vec<TokenTree>) -> Vec<TokenTree> {
    let predicate = std::mem::take(predicate);
    let believed = match predicate.get(3) {
        Some(TokenTree::Ident(name)) => {
            BELIEVED.strip_prefix('\'').is_some_and(|life| name == life)
        }
        _ => false,
    };
    if believed { Vec::new() } else { predicate }
}

/// A local name without its prefix.
fn plain(name: Ident) -> Ident {
    let text = name.to_string();
    match text.strip_prefix(PREFIX).map(syn::parse_str::<Ident>) {
        Some(Ok(short)) => located(&short, name.span()),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_is_ours_is_not_shown() {
        let tidy = documented(quote! {
            const _: () = {
                impl<T> Protocol for Keep<T>
                where
                    T: Clone + Bar<{ 1 + 1 }>,
                    for<'a> T: Fn(&'a u8) -> Pair<u8, u16>,
                    for<'__zctor> Keep<T>: Sound,
                {
                    fn fmt(&self, __zctor_f: &mut r#type) {
                        write!(__zctor_f, "text")
                    }
                }
            };
        });
        let left = quote! {
            const _: () = {
                impl<T> Protocol for Keep<T>
                where
                    T: Clone + Bar<{ 1 + 1 }>,
                    for<'a> T: Fn(&'a u8) -> Pair<u8, u16>,
                {
                    fn fmt(&self, f: &mut r#type) {
                        write!(f, "text")
                    }
                }
            };
        };
        assert_eq!(tidy.to_string(), left.to_string());
    }
}
