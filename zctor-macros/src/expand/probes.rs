//! Probes: each type that crosses between actors is checked where the user wrote it.
//!
//! The compiler checks the where clauses of items before it checks bodies, in the order in which
//! the items stand. So the probes of an enum without parameters are where clauses, and stand before
//! everything else that is made: what they say comes first. A clause that names a parameter would
//! be believed, not checked; an enum with parameters has its probes in a body.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use super::vouch::vouches;
use crate::model::actor::Actor;
use crate::model::names::spoken_of;
use crate::tokens;

/// `children` are those of a supervisor's children.
pub(super) fn probes(actor: &Actor, children: Option<TokenStream>) -> TokenStream {
    let (parameters, clause) = (actor.generics.parameters(), actor.generics.clause());
    let generic = !parameters.is_empty();
    let probe = |ty: &Type, what: &str| probe(&actor.names.private, ty, what, generic);
    let probes = tokens::each(&actor.variants, |variant| {
        let cfg = &variant.cfg;
        let fields = tokens::each(&variant.fields, |field| {
            if vouches(actor, variant, Some(field), &field.ty) {
                return TokenStream::new();
            }
            let (cfg, payload) = (&field.cfg, probe(&field.ty, "Payload"));
            quote!(#cfg { #payload })
        });
        let answers = tokens::each(&variant.answers(), |ty| {
            if vouches(actor, variant, None, ty) {
                return TokenStream::new();
            }
            let probe = probe(ty, "Answer");
            quote!({ #probe })
        });
        quote!(#cfg { #fields #answers })
    });
    quote! {
        fn __zctor_probes #parameters() #clause {
            #probes
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
    let (zp, what) = (tokens::at(zp.clone(), span), Ident::new(what, span));
    quote_spanned! {span=>
        #[allow(trivial_bounds)]
        trait __ZctorProbe where #ty: #zp::#what {}
    }
}
