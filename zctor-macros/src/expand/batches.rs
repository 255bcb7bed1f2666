//! The batches of an actor: what handlers get, how it is made, and the methods for it.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::locals::{local, section, slots};
use crate::model::actor::{Actor, Field, Variant};
use crate::tokens;

fn name() -> Ident {
    Ident::new("__ZctorBatches", Span::call_site())
}

fn has_some(actor: &Actor) -> bool {
    actor.variants.iter().any(is_batched)
}

fn is_batched(variant: &Variant) -> bool {
    variant.batch.is_some()
}

/// What is made of each variant that has one.
fn each(actor: &Actor, mut make: impl FnMut(&Variant) -> TokenStream) -> TokenStream {
    tokens::each(&actor.variants, |variant| {
        is_batched(variant).then(|| make(variant))
    })
}

/// `Batch<Item>`, where the item is the field, or a tuple of the fields; of an ask with its reply.
pub(super) fn ty(actor: &Actor, variant: &Variant) -> TokenStream {
    ty_by(&actor.names.private, variant)
}

/// The same, named by the path `zp`.
pub(super) fn ty_by(zp: &TokenStream, variant: &Variant) -> TokenStream {
    let item = one_or_all(&variant.fields, |field| field.ty.to_token_stream());
    let item = match &variant.ask {
        Some(ask) => {
            let (answer, error) = (&ask.answer, ask.error.iter());
            quote!((#item, #zp::Reply<#answer #(, #error)*>))
        }
        None => item,
    };
    quote!(#zp::Batch<#item>)
}

/// What is made of the field, or a tuple of what is made of each.
fn one_or_all(fields: &[Field], make: fn(&Field) -> TokenStream) -> TokenStream {
    let all = tokens::with_commas(fields, make);
    match fields {
        [_] => all,
        _ => quote!((#all)),
    }
}

/// The item in an envelope whose fields are bound: none if nobody waits for its reply.
fn item(actor: &Actor, variant: &Variant) -> TokenStream {
    let zp = &actor.names.private;
    let item = one_or_all(&variant.fields, |field| field.slot.to_token_stream());
    match &variant.ask {
        Some(_) => {
            let (port, reply) = (local("port"), local("reply"));
            quote!(#zp::Option::map(#zp::DeferredPort::claim_reply(#port), |#reply| (#item, #reply)))
        }
        None => quote!(#zp::Some(#item)),
    }
}

/// The fields of an envelope, bound.
fn pattern(actor: &Actor, variant: &Variant) -> TokenStream {
    let (envelope, ident) = (&actor.names.envelope, &variant.ident);
    let fields = slots(&variant.fields, |field| &field.slot);
    let port = variant.ask.as_ref().map(|_| local("port"));
    quote!(#envelope::#ident { #fields #port })
}

/// An enum of them.
pub(super) fn batches(actor: &Actor) -> Option<TokenStream> {
    if !has_some(actor) {
        return None;
    }
    let (vis, name) = (&actor.vis, name());
    let (parameters, clause) = (actor.generics.parameters(), actor.generics.clause());
    let variants = each(actor, |variant| {
        let (cfg, ident, ty) = (&variant.cfg, &variant.ident, ty(actor, variant));
        quote!(#cfg #ident(#ty),)
    });
    let rest = all_parameters(actor);
    Some(quote! {
        #[doc(hidden)]
        #vis enum #name #parameters #clause {
            #variants
            #rest
        }
    })
}

/// A variant in which all types are used that are parameters: not all of them need be in a batch, or
/// in a key.
pub(super) fn all_parameters(actor: &Actor) -> Option<TokenStream> {
    let mut types = actor.item.generics.type_params();
    types.next()?;
    let (zp, protocol) = (&actor.names.private, &actor.generics.actor);
    let nothing = Ident::new(super::locals::GENERICS, Span::call_site());
    Some(quote! {
        #nothing(#zp::Infallible, #zp::PhantomData<fn() -> #protocol>),
    })
}

/// Its arm in a match.
pub(super) fn no_parameters(actor: &Actor, of: &TokenStream) -> Option<TokenStream> {
    all_parameters(actor)?;
    let nothing = Ident::new(super::locals::GENERICS, Span::call_site());
    let never = local("never");
    Some(quote!(#of::#nothing(#never, _) => match #never {},))
}

/// What `impl Protocol` has of them.
pub(super) fn gather(actor: &Actor) -> TokenStream {
    let (zp, name) = (&actor.names.private, name());
    if !has_some(actor) {
        return quote!(type Batch = #zp::NoBatch;);
    }
    let (arguments, envelope, kind) = (
        actor.generics.arguments(),
        &actor.names.envelope,
        &actor.names.kind,
    );
    let (of, messages, message) = (local("kind"), local("messages"), local("message"));
    let nothing = super::locals::nothing(actor, &quote!(#envelope));
    let arms = tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        if !is_batched(variant) {
            return quote!(#cfg #kind::#ident => #zp::None,);
        }
        let (pattern, item) = (pattern(actor, variant), item(actor, variant));
        let others = others(actor, variant);
        quote! {
            #cfg #kind::#ident => #zp::Option::map(
                #zp::Gathered::batch(#messages, |#message| match #message {
                    #pattern => #item,
                    #others
                    #nothing
                }),
                #name::#ident,
            ),
        }
    });
    quote! {
        type Batch = #name #arguments;
        fn gather(
            #of: #kind,
            #messages: &mut #zp::Gathered<'_, #envelope #arguments>,
        ) -> #zp::Option<#name #arguments> {
            match #of { #arms }
        }
    }
}

/// All other messages, which are not in this batch.
fn others(actor: &Actor, this: &Variant) -> TokenStream {
    let (zp, envelope) = (&actor.names.private, &actor.names.envelope);
    tokens::each(&actor.variants, |variant| {
        let (cfg, ident) = (&variant.cfg, &variant.ident);
        (*ident != this.ident).then(|| quote!(#cfg #envelope::#ident { .. } => #zp::None,))
    })
}

/// What `impl HandledBy` has of them.
pub(super) fn dispatch(actor: &Actor, future: &TokenStream) -> Option<TokenStream> {
    if !has_some(actor) {
        return None;
    }
    let (zp, interface, name) = (&actor.names.private, &actor.names.interface, name());
    let arguments = actor.generics.arguments();
    let (state, context, batch) = (local("state"), local("ctx"), local("batch"));
    let arms = each(actor, |variant| {
        let (cfg, ident, method) = (&variant.cfg, &variant.ident, &variant.method);
        quote! {
            #cfg #name::#ident(#batch) => #zp::Output::<()>::into_result(
                <__ZctorState as #interface #arguments>::#method(#state, #batch, #context).await,
            ),
        }
    });
    let nothing = no_parameters(actor, &quote!(#name));
    Some(quote! {
        fn dispatch_batch<'a>(
            #state: &'a mut __ZctorState,
            #batch: #name #arguments,
            #context: &'a mut #zp::Context<Self>,
        ) -> #future {
            async move {
                match #batch {
                    #arms
                    #nothing
                }
            }
        }
    })
}

/// A message that comes alone is a batch of one.
pub(super) fn arm(actor: &Actor, variant: &Variant) -> TokenStream {
    let (zp, interface) = (&actor.names.private, &actor.names.interface);
    let (state, context, alone) = (local("state"), local("ctx"), local("alone"));
    let (cfg, method, arguments) = (&variant.cfg, &variant.method, actor.generics.arguments());
    let (pattern, item) = (pattern(actor, variant), item(actor, variant));
    quote! {
        #cfg #pattern => match #item {
            #zp::Some(#alone) => #zp::Output::<()>::into_result(
                <__ZctorState as #interface #arguments>::#method(#state, #zp::Batch::one(#alone), #context).await,
            ),
            #zp::None => #zp::Ok(()),
        },
    }
}

/// The methods by which a handle hands batches over, and changes them.
pub(super) fn methods(actor: &Actor) -> Option<TokenStream> {
    let methods = each(actor, |variant| match variant.on_handle {
        true => methods_of(actor, variant),
        false => TokenStream::new(),
    });
    if methods.is_empty() {
        return None;
    }
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let handle = &actor.names.handle;
    let named = |name: &str| Ident::new(name, Span::call_site());
    let hideable = super::locals::hideable(&[named("max"), named("within")]);
    Some(quote! {
        const _: () = {
            #hideable
            impl #parameters #handle #arguments #clause {
                #methods
            }
        };
    })
}

fn methods_of(actor: &Actor, variant: &Variant) -> TokenStream {
    let (vis, zp, kind) = (&actor.vis, &actor.names.private, &actor.names.kind);
    let (cfg, ident, deprecated) = (&variant.cfg, &variant.ident, &variant.deprecated);
    let plain = crate::model::names::plain(&variant.method);
    let flush = format_ident!("flush_{}", plain, span = variant.method.span());
    let configure = format_ident!("configure_{}", plain, span = variant.method.span());
    let of = super::locals::link(actor, variant);
    let docs = super::locals::docs(variant);
    let flushes = format!(
        "Has the messages {of} that were sent so far handled, without waiting for more. It needs no room in the mailbox, and does not wait."
    );
    let configures = format!(
        "Changes the batches of {of}: they are handled with `max` messages, and at the latest `within` after the first was taken. That goes for the batch that is being collected as well."
    );
    let ended = section("# Errors", "If the actor has ended.");
    let zero = section("# Errors", "If one of the two is zero.");
    quote! {
        #cfg
        #[doc = #flushes]
        #docs
        #ended
        #deprecated
        #vis fn #flush(&self) -> #zp::Result<(), #zp::FlushError> {
            #zp::flush(&self.actor, #kind::#ident)
        }
        #cfg
        #[doc = #configures]
        #docs
        #zero
        #deprecated
        #vis fn #configure(
            &self,
            max: #zp::usize,
            within: #zp::Duration,
        ) -> #zp::Result<(), #zp::InvalidBatch> {
            #zp::configure(&self.actor, #kind::#ident, max, within)
        }
    }
}
