//! `enum CounterKind`: the variants without their fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::locals::allow_deprecated;
use crate::model::actor::Actor;
use crate::tokens;

pub(super) fn kind(actor: &Actor) -> TokenStream {
    let (vis, cfg, names) = (&actor.vis, &actor.cfg, &actor.names);
    let (zp, name) = (&names.private, &names.kind);
    let doc = format!("The messages of [`{}`] without their fields.", names.actor);
    let variants = tokens::each(&actor.variants, |variant| {
        let (cfg, docs, deprecated, ident) = (
            &variant.cfg,
            &variant.docs,
            &variant.deprecated,
            &variant.ident,
        );
        let doc = (!variant.documented).then(|| {
            let text = format!("{}.", super::locals::link(actor, variant));
            quote!(#[doc = #text])
        });
        quote!(#cfg #docs #doc #deprecated #ident,)
    });
    let allow = allow_deprecated(actor);
    let non_exhaustive = &actor.non_exhaustive;
    quote! {
        #[doc = #doc]
        #cfg
        #non_exhaustive
        #allow
        #[derive(#zp::Clone, #zp::Copy, #zp::Debug, #zp::PartialEq, #zp::Eq, #zp::Hash)]
        #vis enum #name {
            #variants
        }
    }
}

pub(super) fn implementation(actor: &Actor) -> TokenStream {
    let names = &actor.names;
    let (zp, name) = (&names.private, &names.kind);
    let texts = tokens::each(&actor.variants, |variant| {
        let (cfg, ident, text) = (&variant.cfg, &variant.ident, &variant.text);
        quote!(#cfg #name::#ident => #text,)
    });
    // An enum of no variants has no numbers to cast to.
    let index = if actor.variants.is_empty() {
        quote!(match self {})
    } else {
        quote!(self as #zp::usize)
    };
    quote! {
        impl #zp::Kind for #name {
            fn name(self) -> &'static #zp::str {
                match self { #texts }
            }
            fn index(self) -> #zp::usize {
                #index
            }
        }
    }
}
