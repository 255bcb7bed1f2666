//! The envelope: what sits in the mailbox. A message, and for an ask the port of its answer.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::locals::local;
use super::vouch::Vouching;
use crate::model::actor::{Actor, Ask, Variant};
use crate::tokens;

pub(super) fn envelope(actor: &Actor, vouching: &Vouching<'_>) -> TokenStream {
    let (vis, names) = (&actor.vis, &actor.names);
    let (zp, name) = (&names.private, &names.envelope);
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let variants = tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        let fields = tokens::each(&variant.fields, |field| {
            let (cfg, slot, ty) = (&field.cfg, &field.slot, &field.ty);
            quote!(#cfg #slot: #ty,)
        });
        let port = port(actor, variant).map(|ty| {
            let port = local("port");
            quote!(#port: #ty,)
        });
        quote!(#cfg #ident { #fields #port },)
    });
    let protocol = &actor.generics.actor;
    let sound = vouching.clause();
    let nothing = actor.phantom.as_ref().map(|fields| {
        let variant = Ident::new(super::locals::GENERICS, Span::call_site());
        quote!(#variant #fields)
    });
    quote! {
        #[doc(hidden)]
        #vis enum #name #parameters #clause {
            #variants
            #nothing
        }

        impl #parameters #zp::Debug for #name #arguments #sound {
            fn fmt(&self, f: &mut #zp::Formatter<'_>) -> #zp::fmt::Result {
                #zp::Debug::fmt(&<#protocol as #zp::Protocol>::kind(self), f)
            }
        }
    }
}

/// The type of an ask's port.
pub(super) fn port(actor: &Actor, variant: &Variant) -> Option<TokenStream> {
    let zp = &actor.names.private;
    let ask = variant.ask.as_ref()?;
    let (port, arguments) = (port_name(ask), answer(ask));
    Some(quote!(#zp::#port<#arguments>))
}

/// What the port of an ask is called.
pub(super) fn port_name(ask: &Ask) -> Ident {
    let name = if ask.deferred.is_some() {
        "DeferredPort"
    } else {
        "Port"
    };
    Ident::new(name, Span::call_site())
}

/// `T`, or `T, E`: the arguments of a port and of an ask.
pub(super) fn answer(ask: &Ask) -> TokenStream {
    match (&ask.answer, &ask.error) {
        (answer, None) => quote!(#answer),
        (answer, Some(error)) => quote!(#answer, #error),
    }
}
