//! `impl Protocol for Counter`: names, the table of variants, and the envelope's conversions.

use proc_macro2::TokenStream;
use quote::quote;

use super::locals::{local, message, slots};
use super::seal::seal;
use crate::model::actor::{Actor, Style, Variant};
use crate::model::declared::{Mailbox, Overflow};

pub(super) fn protocol(actor: &Actor) -> TokenStream {
    let names = &actor.names;
    let (zp, text, handle, kind, envelope) = (
        &names.private,
        &names.text,
        &names.handle,
        &names.kind,
        &names.envelope,
    );
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let protocol = &actor.generics.actor;
    let mailbox = mailbox(actor);
    let table = actor.variants.iter().map(|variant| row(zp, variant));
    let seal: TokenStream = actor
        .variants
        .iter()
        .map(|variant| seal(actor, variant))
        .collect();
    let left_out = actor.left_out.iter().map(|(ident, cfg)| {
        let name = &names.actor;
        quote!(#(#cfg)* #name::#ident { .. } => loop {},)
    });
    let open = actor.variants.iter().map(|variant| {
        let (cfg, ident, message) = (&variant.cfg, &variant.ident, message(actor, variant));
        let fields = slots(&variant.fields, |field| field.slot.clone());
        quote!(#(#cfg)* #envelope::#ident { #fields .. } => #message,)
    });
    let kinds = actor.variants.iter().map(|variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        quote!(#(#cfg)* #envelope::#ident { .. } => #kind::#ident,)
    });
    let (port, fault, value) = (local("port"), local("fault"), local("value"));
    let refuse = actor.variants.iter().map(|variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        match &variant.ask {
            Some(_) => quote!(#(#cfg)* #envelope::#ident { #port, .. } => #zp::Port::refuse(#port, #fault),),
            None => quote!(#(#cfg)* #envelope::#ident { .. } => {}),
        }
    });
    quote! {
        impl #parameters #zp::Protocol for #protocol #clause {
            const NAME: &'static #zp::str = #text;
            const VARIANTS: &'static [#zp::Variant] = &[#(#table),*];
            const MAILBOX: #zp::Mailbox = #mailbox;
            type Envelope = #envelope #arguments;
            type Kind = #kind;
            type Handle = #handle #arguments;
            fn seal(self) -> Self::Envelope {
                match self { #seal #(#left_out)* }
            }
            fn open(#value: Self::Envelope) -> Self {
                match #value { #(#open)* }
            }
            fn kind(#value: &Self::Envelope) -> Self::Kind {
                match *#value { #(#kinds)* }
            }
            fn refuse(#value: Self::Envelope, #fault: #zp::Fault) {
                match #value { #(#refuse)* }
            }
        }
    }
}

fn mailbox(actor: &Actor) -> TokenStream {
    let zp = &actor.names.private;
    match &actor.mailbox {
        Mailbox::Unbounded => quote!(#zp::Mailbox::unbounded()),
        Mailbox::Bounded(capacity) => {
            let overflow = match actor.overflow {
                Overflow::Wait => quote!(Wait),
                Overflow::Reject => quote!(Reject),
                Overflow::DropNewest => quote!(DropNewest),
                Overflow::DropOldest => quote!(DropOldest),
            };
            quote!(#zp::Mailbox::bounded(#capacity, #zp::Overflow::#overflow))
        }
    }
}

fn row(zp: &TokenStream, variant: &Variant) -> TokenStream {
    let (cfg, text, method) = (
        &variant.cfg,
        &variant.text,
        crate::model::names::plain(&variant.method),
    );
    let fields = variant.fields.iter().map(|field| {
        let (cfg, text) = (&field.cfg, &field.text);
        quote!(#(#cfg)* #text)
    });
    let style = match variant.style {
        Style::Unit => quote!(Unit),
        Style::Tuple => quote!(Tuple),
        Style::Struct => quote!(Struct),
    };
    let ask = variant.ask.is_some();
    quote!(#(#cfg)* #zp::Variant::new(#text, #method, &[#(#fields),*], #zp::Style::#style, #ask))
}
