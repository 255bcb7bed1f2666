//! The methods of `trait CounterActor` as `#[handlers]` wants them: for editors, which complete the
//! methods of an impl from the declaration of its trait. The number of parameters is the true one.

use proc_macro2::TokenStream;
use quote::quote;

use super::batches;
use super::locals::{holds, parameters};
use crate::model::actor::{Actor, Variant};
use crate::model::names::common;

pub(super) fn method(actor: &Actor, variant: &Variant) -> TokenStream {
    let (cfg, docs, deprecated) = (&variant.cfg, &variant.docs, &variant.deprecated);
    let doc = (!variant.documented).then(|| {
        let text = format!("Handles `{}::{}`.", actor.names.text, variant.text);
        quote!(#[doc = #text])
    });
    let (root, method, protocol) = (&actor.names.root, &variant.method, &actor.generics.actor);
    let context = &variant.context;
    let ask = variant.ask.as_ref();
    let deferred = ask.and_then(|ask| {
        let (name, answer, error) = (ask.deferred.as_ref()?, &ask.answer, ask.error.iter());
        Some(quote!(#name: #root::Reply<#answer #(, #error)*>,))
    });
    // An alias of the user's may be called `Result`.
    let zp = &actor.names.private;
    let output = ask.filter(|ask| ask.deferred.is_none()).map(|ask| {
        let answer = &ask.answer;
        match &ask.error {
            Some(error) => quote!(-> #zp::Result<#answer, #error>),
            None => quote!(-> #answer),
        }
    });
    let parameters = match &variant.batch {
        Some(batch) => {
            let (name, ty) = (&batch.parameter, batches::ty_by(root, variant));
            quote!(#name: #ty,)
        }
        None => {
            let fields = parameters(variant);
            quote!(#fields #deferred)
        }
    };
    quote! {
        #cfg #docs #doc #deprecated
        fn #method(&mut self, #parameters #context: &mut #root::Context<#protocol>) #output;
    }
}

pub(super) fn hooks(actor: &Actor) -> TokenStream {
    let (root, zp, kind) = (&actor.names.root, &actor.names.private, &actor.names.kind);
    let protocol = &actor.generics.actor;
    let named = |name: &str| common(name, actor.names.actor.span());
    let (start, restart) = (named("on_start"), named("on_restart"));
    let (stop, ready) = (named("on_stop"), named("ready"));
    let holds = holds();
    quote! {
        /// Runs before the first message. An error ends the actor.
        fn #start(&mut self, ctx: &mut #root::Context<#protocol>) {}
        /// Runs in the new state after a restart, before `on_start`: `previous` tells how the one
        /// before it ended. An error ends the actor.
        fn #restart(&mut self, previous: #root::Exit, ctx: &mut #root::Context<#protocol>) {}
        /// Runs after the last message, unless the actor was killed or has crashed.
        fn #stop(&mut self, ctx: &mut #root::Context<#protocol>) {}
        /// Whether the state takes messages of the kind `next` now. One that is not ready stays queued,
        /// and the actor comes back to it in order after each message that it handles.
        fn #ready(&self, next: #kind) -> bool {
            loop {}
        }
        #[doc(hidden)]
        const #holds: #zp::bool = true;
    }
}
