//! `trait CounterActor`: what a state has to offer.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::as_written;
use super::locals::{allow_deprecated, allow_many, holds, link, list, parameters};
use crate::editor::presence;
use crate::model::actor::{Actor, Ask, Variant};
use crate::model::names::common;
use crate::tokens;
use crate::wording::traits::{self as say, Unimplemented};

pub(super) fn interface(actor: &Actor) -> TokenStream {
    let (vis, cfg, names) = (&actor.vis, &actor.cfg, &actor.names);
    let (zp, name, text) = (&names.private, &names.interface, &names.text);
    let (declaration, clause) = (actor.generics.declaration(), actor.generics.clause());
    let doc = format!(
        "What the state of an actor that speaks [`{}`] has to offer: a handler for each message.",
        names.actor
    );
    let Unimplemented {
        message,
        label,
        note,
    } = say::handlers(&name.to_string(), text);
    // An editor completes handlers as it finds them here.
    let written = presence::is_there();
    let methods = tokens::each(&actor.variants, |variant| match written {
        true => as_written::method(actor, variant),
        false => method(actor, variant),
    });
    let hooks = match written {
        true => as_written::hooks(actor),
        false => hooks(actor),
    };
    let allow = allow_deprecated(actor);
    quote! {
        #[doc = #doc]
        #cfg
        #allow
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        #vis trait #name #declaration: #zp::Sized + #zp::Send + 'static #clause {
            #methods
            #hooks
        }
    }
}

fn method(actor: &Actor, variant: &Variant) -> TokenStream {
    let (cfg, docs, deprecated) = (&variant.cfg, &variant.docs, &variant.deprecated);
    let doc = (!variant.documented).then(|| {
        let text = format!("Handles {}.", link(actor, variant));
        quote!(#[doc = #text])
    });
    let zp = &actor.names.private;
    let (method, parameters, context) = (&variant.method, parameters(variant), &variant.context);
    let (protocol, allow) = (&actor.generics.actor, allow_many(variant));
    let deferred = variant.ask.as_ref().and_then(|ask| {
        let (name, answer, error) = (ask.deferred.as_ref()?, &ask.answer, ask.error.iter());
        Some(quote!(#name: #zp::Reply<#answer #(, #error)*>,))
    });
    let output = output(actor, variant);
    let future = quote!(#zp::Future<Output: #zp::Output<#output>>);
    // The compiler shows the declaration from the first type to the last: that is the variant.
    let (first, last) = variant.extent;
    let this = quote_spanned!(first=> &mut self);
    let context = quote_spanned!(last=> #context: &mut #zp::Context<#protocol>);
    if let Some(batch) = &variant.batch {
        let (name, ty) = (&batch.parameter, super::batches::ty(actor, variant));
        return quote! {
            #cfg #docs #doc #deprecated
            fn #method(#this, #name: #ty, #context) -> impl #future + #zp::Send;
        };
    }
    let list = list(variant);
    quote! {
        #cfg #docs #doc #list #deprecated #allow
        fn #method(#this, #parameters #deferred #context) -> impl #future + #zp::Send;
    }
}

/// What a handler gives.
pub(super) fn output(actor: &Actor, variant: &Variant) -> TokenStream {
    let zp = &actor.names.private;
    // The replies of a batch are in it: an ask of one is deferred.
    match &variant.ask {
        None
        | Some(Ask {
            deferred: Some(_), ..
        }) => quote!(()),
        Some(Ask {
            answer,
            error: None,
            ..
        }) => quote!(#answer),
        Some(Ask {
            answer,
            error: Some(error),
            ..
        }) => quote!(#zp::Result<#answer, #error>),
    }
}

/// Their parameters are named as those are that are not used: other names could be those of constants
/// of the user's.
fn hooks(actor: &Actor) -> TokenStream {
    let zp = &actor.names.private;
    let protocol = &actor.generics.actor;
    let at = actor.names.actor.span();
    let hook = |name: &str, doc: &str| {
        let name = common(name, at);
        quote! {
            #[doc = #doc]
            fn #name(
                &mut self,
                _ctx: &mut #zp::Context<#protocol>,
            ) -> impl #zp::Future<Output: #zp::Output<()>> + #zp::Send {
                #zp::ready(())
            }
        }
    };
    let start = hook(
        "on_start",
        "Runs before the first message. An error ends the actor.",
    );
    let restart = common("on_restart", at);
    let restart = quote! {
        /// Runs in the new state after a restart, before `on_start`, and is told how the one before
        /// it ended. An error ends the actor.
        fn #restart(
            &mut self,
            _previous: #zp::Exit,
            _ctx: &mut #zp::Context<#protocol>,
        ) -> impl #zp::Future<Output: #zp::Output<()>> + #zp::Send {
            #zp::ready(())
        }
    };
    let stop = hook(
        "on_stop",
        "Runs after the last message, unless the actor was killed or has crashed.",
    );
    let (kind, text) = (&actor.names.kind, &actor.names.text);
    let doc = format!(
        "Whether the state takes messages of this kind now. One that is not ready stays queued, and `{text}` comes back to it in order after each message that it handles."
    );
    let holds = holds();
    let ready = common("ready", at);
    let ready = quote! {
        #[doc = #doc]
        fn #ready(&self, _next: #kind) -> #zp::bool {
            true
        }
        /// Whether `ready` may be more than its default: `#[handlers]` knows.
        #[doc(hidden)]
        const #holds: #zp::bool = true;
    };
    quote!(#start #restart #stop #ready)
}
