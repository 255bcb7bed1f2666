//! Impls as they are documented: by names that anybody would give, and without the clauses that only
//! the compiler needs.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::visit_mut::VisitMut;
use syn::{ItemConst, WhereClause, WherePredicate};

use super::locals::PREFIX;
use super::vouch::BELIEVED;
use crate::model::names::located;

pub(crate) fn documented(item: TokenStream) -> TokenStream {
    match syn::parse2::<ItemConst>(item.clone()) {
        Ok(mut block) => {
            Tidy.visit_item_const_mut(&mut block);
            plain(block.into_token_stream())
        }
        Err(_) => item,
    }
}

struct Tidy;

impl VisitMut for Tidy {
    fn visit_where_clause_mut(&mut self, clause: &mut WhereClause) {
        let predicates = std::mem::take(&mut clause.predicates);
        clause.predicates = predicates.into_iter().filter(is_for_readers).collect();
    }
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

/// Local names without their prefix.
fn plain(tokens: TokenStream) -> TokenStream {
    let each = |tree| match tree {
        TokenTree::Ident(name) => {
            let text = name.to_string();
            match text.strip_prefix(PREFIX).map(syn::parse_str::<Ident>) {
                Some(Ok(short)) => TokenTree::Ident(located(&short, name.span())),
                _ => TokenTree::Ident(name),
            }
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), plain(group.stream()));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(each).collect()
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
