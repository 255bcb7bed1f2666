//! Messages of which only the latest counts: by what they are told apart.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::locals::local;
use super::vouch::{As, Vouching};
use crate::model::actor::{Actor, Variant};
use crate::tokens;

fn name() -> Ident {
    Ident::new("__ZctorLatest", Span::call_site())
}

fn latest(actor: &Actor) -> Vec<&Variant> {
    let mut all = Vec::new();
    for variant in &actor.variants {
        if variant.latest.is_some() {
            all.push(variant);
        }
    }
    all
}

/// An enum of keys. What it can do is written out: what is derived would ask it of parameters that
/// are in no key.
pub(super) fn keys(actor: &Actor, vouching: &Vouching<'_>) -> Option<TokenStream> {
    let all = latest(actor);
    if all.is_empty() {
        return None;
    }
    let (vis, zp, name) = (&actor.vis, &actor.names.private, name());
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let (one, two, state) = (local("one"), local("two"), local("state"));
    let other = local("other");
    let rest = super::batches::all_parameters(actor);
    let nothing = super::batches::no_parameters(actor, &quote!(Self));
    let variants = tokens::each(&all, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        let ty = variant.key().map(|field| {
            let ty = &field.ty;
            quote!((#ty))
        });
        quote!(#cfg #ident #ty,)
    });
    let equal = tokens::each(&all, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        let (this, that, equal) = match variant.key() {
            Some(field) => {
                let same = vouching.function(field, As::Key, "same_key");
                (
                    quote!((ref #one)),
                    quote!((ref #two)),
                    quote!(#same(#one, #two)),
                )
            }
            None => (quote!(), quote!(), quote!(true)),
        };
        let others = tokens::each(&all, |other| {
            let (cfg, name) = (&other.cfg, &other.ident);
            let fields = other.key().map(|_| quote!((..)));
            (name != ident).then(|| quote!(#cfg Self::#name #fields => false,))
        });
        quote! {
            #cfg Self::#ident #this => match *#other {
                Self::#ident #that => #equal,
                #others
                #nothing
            },
        }
    });
    let mut hashes = TokenStream::new();
    for (number, variant) in all.iter().enumerate() {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        hashes.extend(match variant.key() {
            Some(field) => {
                let hash = vouching.function(field, As::Key, "hash_key");
                quote! {
                    #cfg Self::#ident(ref #one) => {
                        #zp::Hash::hash(&#number, #state);
                        #hash(#one, #state);
                    }
                }
            }
            None => quote!(#cfg Self::#ident => #zp::Hash::hash(&#number, #state),),
        });
    }
    Some(quote! {
        #[doc(hidden)]
        #vis enum #name #parameters #clause {
            #variants
            #rest
        }
        impl #parameters #zp::PartialEq for #name #arguments #clause {
            fn eq(&self, #other: &Self) -> #zp::bool {
                match *self {
                    #equal
                    #nothing
                }
            }
        }
        impl #parameters #zp::Eq for #name #arguments #clause {}
        impl #parameters #zp::Hash for #name #arguments #clause {
            fn hash<__ZctorHasher: #zp::Hasher>(&self, #state: &mut __ZctorHasher) {
                match *self {
                    #hashes
                    #nothing
                }
            }
        }
    })
}

/// What `impl Protocol` has of them.
pub(super) fn key(actor: &Actor, vouching: &Vouching<'_>) -> TokenStream {
    let (zp, name) = (&actor.names.private, name());
    if latest(actor).is_empty() {
        return quote!(type Latest = #zp::NoLatest;);
    }
    let (arguments, envelope) = (actor.generics.arguments(), &actor.names.envelope);
    let message = local("message");
    let nothing = super::locals::nothing(actor, &quote!(#envelope));
    let arms = tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        match (&variant.latest, variant.key()) {
            (None, _) => quote!(#cfg #envelope::#ident { .. } => #zp::None,),
            (Some(_), Some(field)) => {
                let (slot, clone) = (&field.slot, vouching.function(field, As::Key, "key"));
                quote! {
                    #cfg #envelope::#ident { ref #slot, .. } => {
                        #zp::Some(#name::#ident(#clone(#slot)))
                    }
                }
            }
            (Some(_), None) => {
                quote!(#cfg #envelope::#ident { .. } => #zp::Some(#name::#ident),)
            }
        }
    });
    quote! {
        type Latest = #name #arguments;
        fn latest(#message: &#envelope #arguments) -> #zp::Option<#name #arguments> {
            match *#message {
                #arms
                #nothing
            }
        }
    }
}
