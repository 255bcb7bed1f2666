//! Impls as they are documented: by names that anybody would give, and without the clauses that only
//! the compiler needs.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{WhereClause, WherePredicate};

use super::locals::PREFIX;
use super::vouch::BELIEVED;
use crate::model::names::located;

pub(crate) fn documented(item: TokenStream) -> TokenStream {
    let mut trees = item.into_iter().peekable();
    let mut tidy = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) if word == "where" => {
                let mut clause = word.to_token_stream();
                while let Some(tree) = trees.next_if(|tree| !ends_clause(tree)) {
                    clause.extend([tree]);
                }
                tidy.extend(for_readers(clause));
            }
            TokenTree::Ident(name) => tidy.extend([plain(name)]),
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), documented(group.stream()));
                inner.set_span(group.span());
                tidy.extend([TokenTree::Group(inner)]);
            }
            other => tidy.extend([other]),
        }
    }
    tidy
}

fn ends_clause(tree: &TokenTree) -> bool {
    match tree {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(mark) => mark.as_char() == ';',
        _ => false,
    }
}

/// The clause without what only the compiler needs.
fn for_readers(clause: TokenStream) -> TokenStream {
    let Ok(mut read) = syn::parse2::<WhereClause>(clause.clone()) else {
        return clause;
    };
    let predicates = std::mem::take(&mut read.predicates);
    read.predicates = predicates.into_iter().filter(is_for_readers).collect();
    let mut left = read.where_token.into_token_stream();
    left.extend(documented(read.predicates.into_token_stream()));
    left
}

fn is_for_readers(predicate: &WherePredicate) -> bool {
    let WherePredicate::Type(predicate) = predicate else {
        return true;
    };
    let mut lifetimes = predicate
        .lifetimes
        .iter()
        .flat_map(|bound| &bound.lifetimes);
    !lifetimes.any(|lifetime| lifetime.to_token_stream().to_string() == BELIEVED)
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
                    T: Clone,
                    for<'a> T: Fn(&'a u8),
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
                    T: Clone,
                    for<'a> T: Fn(&'a u8)
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
