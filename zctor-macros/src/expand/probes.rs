//! Probes: each type that crosses between actors is checked where the user wrote it.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

use crate::model::actor::Actor;

pub(super) fn probes(actor: &Actor) -> TokenStream {
    let zp = &actor.names.private;
    let (parameters, clause) = (actor.generics.parameters(), actor.generics.clause());
    let probes = actor.variants.iter().map(|variant| {
        let cfg = &variant.cfg;
        let fields = variant.fields.iter().map(|field| {
            let (cfg, probe) = (&field.cfg, probe(zp, &field.ty, "payload"));
            quote!(#(#cfg)* { #probe })
        });
        let ask = variant.ask.as_ref();
        let answers = ask
            .into_iter()
            .flat_map(|ask| [Some(&ask.answer), ask.error.as_ref()])
            .flatten()
            .map(|ty| probe(zp, ty, "answer"));
        quote!(#(#cfg)* { #(#fields)* #(#answers)* })
    });
    quote! {
        fn __zctor_probes #parameters() #clause {
            #(#probes)*
        }
    }
}

fn probe(zp: &TokenStream, ty: &Type, what: &str) -> TokenStream {
    let check = quote::format_ident!("assert_{}", what);
    quote_spanned!(ty.span()=> #zp::#check::<#ty>();)
}
