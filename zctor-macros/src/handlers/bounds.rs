//! What a parameter of an actor has to be goes without saying.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{
    GenericArgument, GenericParam, Ident, PathArguments, Type, TypeParamBound, WherePredicate,
    parse_quote,
};

use crate::model::names::ours;
use crate::syntax::ItemImpl;

/// Adds `Send + 'static` to the parameters that the actor's trait has as arguments: of those the enum
/// demands it. What the user has written stays where it is.
pub(super) fn add(head: &mut ItemImpl, private: &TokenStream) {
    for name in arguments(head) {
        let mut clause = head.generics.where_clause.as_mut();
        let clause = clause.as_mut().and_then(|clause| {
            clause.predicates.iter_mut().find_map(|one| match one {
                WherePredicate::Type(one) if names(&one.bounded_ty, &name) => Some(&mut one.bounds),
                _ => None,
            })
        });
        let own = head.generics.params.iter_mut().find_map(|one| match one {
            GenericParam::Type(one) if one.ident == name => Some(one),
            _ => None,
        });
        let Some(own) = own else {
            continue;
        };
        let in_clause = clause.as_deref();
        let written = |is_so: fn(&TypeParamBound) -> bool| {
            own.bounds.iter().any(is_so) || in_clause.is_some_and(|all| all.iter().any(is_so))
        };
        let (sends, lives) = (written(is_send), written(is_static));
        let at = ours(name.span());
        let mut more: Vec<TypeParamBound> = Vec::new();
        if !sends {
            let send = quote_spanned!(at=> #private::Send);
            more.push(parse_quote!(#send));
        }
        if !lives {
            let lives = quote_spanned!(at=> 'static);
            more.push(parse_quote!(#lives));
        }
        match clause {
            Some(bounds) => bounds.extend(more),
            None => {
                if !more.is_empty() {
                    // Where the compiler would have more of them added.
                    let behind = ours(own.ident.span());
                    own.colon_token.get_or_insert(syn::Token![:](behind));
                }
                own.bounds.extend(more);
            }
        }
    }
}

/// The parameters of the impl that are arguments of the trait.
fn arguments(head: &ItemImpl) -> Vec<Ident> {
    let last = head
        .trait_
        .as_ref()
        .and_then(|(path, _)| path.segments.last());
    let Some(PathArguments::AngleBracketed(all)) = last.map(|last| &last.arguments) else {
        return Vec::new();
    };
    let mut names = Vec::new();
    for argument in &all.args {
        if let GenericArgument::Type(Type::Path(path)) = argument {
            names.extend(path.path.get_ident().cloned());
        }
    }
    names
}

fn names(ty: &Type, name: &Ident) -> bool {
    matches!(ty, Type::Path(path) if path.path.get_ident() == Some(name))
}

fn is_static(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Lifetime(lifetime) if lifetime.ident == "static")
}

fn is_send(bound: &TypeParamBound) -> bool {
    let TypeParamBound::Trait(bound) = bound else {
        return false;
    };
    let last = bound.path.segments.last();
    last.is_some_and(|last| last.ident == "Send")
}
