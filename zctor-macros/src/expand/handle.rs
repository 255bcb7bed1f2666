//! `struct CounterHandle`: what is passed around.

use std::time::Duration;

use proc_macro2::TokenStream;
use quote::quote;

use super::envelope::answer;
use super::locals::{
    allow_deprecated, allow_many, duration, hideable, link, list, local, parameters, section, slots,
};
use super::vouch::{As, Vouching};
use crate::model::actor::{Actor, Variant};
use crate::model::names::common;
use crate::tokens;

pub(super) fn structure(actor: &Actor) -> TokenStream {
    let (vis, cfg, names) = (&actor.vis, &actor.cfg, &actor.names);
    let (zp, name, protocol) = (&names.private, &names.handle, &actor.generics.actor);
    let (declaration, clause) = (actor.generics.declaration(), actor.generics.clause());
    let (what, methods) = match (&actor.supervisor, actor.variants.is_empty()) {
        (None, _) => ("an actor that speaks", "message"),
        (Some(_), true) => ("the supervisor", "child"),
        (Some(_), false) => ("the supervisor", "message and each child"),
    };
    let doc = format!(
        "A handle to {what} [`{}`]: cheap to clone, with a method for each {methods}.",
        names.actor
    );
    let allow = allow_deprecated(actor);
    quote! {
        #[doc = #doc]
        #cfg
        #allow
        #vis struct #name #declaration #clause {
            actor: #zp::Handle<#protocol>,
        }
    }
}

pub(super) fn methods(actor: &Actor, vouching: &Vouching<'_>) -> TokenStream {
    let (vis, names) = (&actor.vis, &actor.names);
    let (zp, name, protocol) = (&names.private, &names.handle, &actor.generics.actor);
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let methods = tokens::each(&actor.variants, |variant| {
        variant.on_handle.then(|| method(actor, variant, vouching))
    });
    let (other, f) = (local("other"), local("f"));
    let (state, handle) = (local("state"), local("handle"));
    let hasher = actor
        .generics
        .free(&["H", "Hasher", "__ZctorHasher"], &|_| false);
    let mut own = Vec::new();
    for variant in &actor.variants {
        for field in &variant.fields {
            // Those of fields with names are the user's own.
            if field.ident.is_none() {
                own.push(field.parameter.clone());
            }
        }
    }
    if names.double.is_some() {
        own.extend(super::double::parameters(actor));
    }
    if let Some(supervisor) = &actor.supervisor {
        own.extend(super::supervisor::parameter_names(supervisor));
    }
    let hideable = hideable(&own);
    let general = common("actor", names.actor.span());
    quote! {
        #hideable
        impl #parameters #name #arguments #clause {
            /// The general handle of the actor, which this one dereferences to.
            #[must_use]
            #vis fn #general(&self) -> &#zp::Handle<#protocol> {
                &self.actor
            }
            #methods
        }
        impl #parameters #zp::Clone for #name #arguments #clause {
            fn clone(&self) -> Self {
                Self { actor: #zp::Clone::clone(&self.actor) }
            }
        }
        impl #parameters #zp::PartialEq for #name #arguments #clause {
            fn eq(&self, #other: &Self) -> #zp::bool {
                #zp::PartialEq::eq(&self.actor, &#other.actor)
            }
        }
        impl #parameters #zp::Eq for #name #arguments #clause {}
        impl #parameters #zp::Hash for #name #arguments #clause {
            fn hash<#hasher: #zp::Hasher>(&self, #state: &mut #hasher) {
                #zp::Hash::hash(&self.actor, #state);
            }
        }
        impl #parameters #zp::Debug for #name #arguments #clause {
            fn fmt(&self, #f: &mut #zp::Formatter<'_>) -> #zp::fmt::Result {
                #zp::Debug::fmt(&self.actor, #f)
            }
        }
        impl #parameters #zp::Deref for #name #arguments #clause {
            type Target = #zp::Handle<#protocol>;
            fn deref(&self) -> &Self::Target {
                &self.actor
            }
        }
        impl #parameters #zp::From<#zp::Handle<#protocol>> for #name #arguments #clause {
            fn from(#handle: #zp::Handle<#protocol>) -> Self {
                Self { actor: #handle }
            }
        }
    }
}

fn method(actor: &Actor, variant: &Variant, vouching: &Vouching<'_>) -> TokenStream {
    let (vis, zp, protocol, envelope) = (
        &actor.vis,
        &actor.names.private,
        &actor.generics.actor,
        &actor.names.envelope,
    );
    let (cfg, docs, deprecated) = (&variant.cfg, &variant.docs, &variant.deprecated);
    let (method, ident, parameters) = (&variant.method, &variant.ident, parameters(variant));
    let kind = &actor.names.kind;
    let fields = slots(&variant.fields, |field| &field.parameter);
    let verb = if variant.ask.is_some() {
        "Asks"
    } else {
        "Tells"
    };
    let doc = (!variant.documented).then(|| {
        let text = format!("{verb} the actor {}.", link(actor, variant));
        quote!(#[doc = #text])
    });
    // A message of high priority has never to wait for room.
    let rate = variant.limit.as_ref();
    let waits = actor.tells_wait && !variant.high || rate.is_some_and(|limit| limit.waits);
    let (output, body) = match &variant.ask {
        Some(ask) => {
            let (answer, limit, port) = (answer(ask), limit(zp, ask.limit), local("port"));
            let reply = local("reply");
            let open = match ask.deferred {
                Some(_) => quote!(open_deferred),
                None => quote!(open),
            };
            let ask = |handle: TokenStream| {
                let ask = quote!({
                    let (#port, #reply) = #zp::#open();
                    #zp::ask(#handle, #limit, #envelope::#ident { #fields #port }, #reply)
                });
                super::flow::guarded(actor, variant, ask)
            };
            if variant.idempotent {
                let handle = local("handle");
                let ask = ask(quote!(#handle));
                let clones = tokens::each(&variant.fields, |field| {
                    let (cfg, name) = (&field.cfg, &field.parameter);
                    let clone = vouching.function(field, As::Again, "again");
                    quote!(#cfg let #name = #clone(&#name);)
                });
                (
                    quote!(#zp::IdempotentAsk<#protocol, #answer>),
                    quote!(#zp::idempotent(&self.actor, move |#handle| { #clones #ask })),
                )
            } else {
                (
                    quote!(#zp::Ask<#protocol, #answer>),
                    ask(quote!(&self.actor)),
                )
            }
        }
        None if waits => {
            let tell = quote!(#zp::tell_wait(&self.actor, #envelope::#ident { #fields }));
            let tell = match rate.map(|limit| limit.waits) {
                Some(waits) => quote!(#zp::limit(#tell, #kind::#ident, #waits)),
                None => tell,
            };
            (quote!(#zp::Tell<#protocol>), tell)
        }
        None if rate.is_some() => (
            quote!(#zp::Result<(), #zp::TellError<#protocol>>),
            quote!(#zp::tell_limited(&self.actor, #kind::#ident, #envelope::#ident { #fields })),
        ),
        None => (
            quote!(#zp::Result<(), #zp::TellError<#protocol>>),
            quote!(#zp::tell(&self.actor, #envelope::#ident { #fields })),
        ),
    };
    let errors = (variant.ask.is_none() && !waits).then(|| {
        let when = match (rate, variant.high) {
            (Some(_), true) => "has ended, or the rate limit is reached",
            (Some(_), false) => {
                "has ended, its mailbox refuses the message, or the rate limit is reached"
            }
            (None, true) => "has ended",
            (None, false) => "has ended or its mailbox refuses the message",
        };
        section(
            "# Errors",
            &format!("If the actor {when}. The error gives the message back."),
        )
    });
    let (allow, list) = (allow_many(variant), list(variant));
    quote! {
        #cfg #docs #doc #list #errors #deprecated #allow
        #vis fn #method(&self, #parameters) -> #output {
            #body
        }
    }
}

fn limit(zp: &TokenStream, limit: Option<Duration>) -> TokenStream {
    match limit {
        Some(limit) => {
            let limit = duration(zp, limit);
            quote!(#zp::Some(#limit))
        }
        None => quote!(#zp::None),
    }
}
