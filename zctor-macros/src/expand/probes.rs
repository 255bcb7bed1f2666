//! Probes: each type that crosses between actors is checked where the user wrote it.
//!
//! The compiler checks the where clauses of items before it checks bodies, in the order in which
//! the items stand. So the probes of an enum without parameters are where clauses, and stand before
//! everything else that is made: what they say comes first. A clause that names a parameter would
//! be believed, not checked; an enum with parameters has its probes in a body.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::vouch::vouches;
use crate::model::actor::Actor;
use crate::model::names::spoken_of;

/// `children` are those of a supervisor's children.
pub(super) fn probes(actor: &Actor, children: Option<TokenStream>) -> TokenStream {
    let (parameters, clause) = (actor.generics.parameters(), actor.generics.clause());
    let generic = !parameters.is_empty();
    let probe = |ty: &Type, what: &str| probe(&actor.names.private, ty, what, generic);
    let probes = actor.variants.iter().map(|variant| {
        let cfg = &variant.cfg;
        let fields = variant.fields.iter().map(|field| {
            if vouches(actor, variant, Some(field), &field.ty) {
                return TokenStream::new();
            }
            let (cfg, payload) = (&field.cfg, probe(&field.ty, "Payload"));
            quote!(#(#cfg)* { #payload })
        });
        let ask = variant.ask.as_ref();
        let answers = ask
            .into_iter()
            .flat_map(|ask| [Some(&ask.answer), ask.error.as_ref()])
            .flatten()
            .filter(|ty| !vouches(actor, variant, None, ty))
            .map(|ty| {
                let probe = probe(ty, "Answer");
                quote!({ #probe })
            });
        quote!(#(#cfg)* { #(#fields)* #(#answers)* })
    });
    quote! {
        fn __zctor_probes #parameters() #clause {
            #(#probes)*
            #children
        }
    }
}

pub(super) fn probe(zp: &TokenStream, ty: &Type, what: &str, generic: bool) -> TokenStream {
    if generic {
        let check = format_ident!("assert_{}", what.to_lowercase());
        return quote_spanned!(spoken_of(ty.span())=> #zp::#check::<#ty>(););
    }
    // The compiler points at the bound, so all of it stands at the user's type.
    let span = spoken_of(ty.span());
    let (zp, what) = (at(zp, span), Ident::new(what, span));
    quote_spanned! {span=>
        #[allow(trivial_bounds)]
        trait __ZctorProbe where #ty: #zp::#what {}
    }
}

/// The same tokens at one place.
pub(super) fn at(tokens: &TokenStream, span: Span) -> TokenStream {
    let all = tokens.clone().into_iter().map(|mut token| {
        token.set_span(span);
        token
    });
    all.collect()
}
