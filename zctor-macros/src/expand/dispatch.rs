//! `impl HandledBy<S> for Counter`: from an envelope to a handler of the state.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use super::envelope::port_name;
use super::interface::output;
use super::locals::{holds, local, slots};
use super::vouch::Vouching;
use crate::model::actor::{Actor, Ask, Variant};
use crate::tokens;

pub(super) fn handled_by(actor: &Actor, vouching: &Vouching<'_>) -> TokenStream {
    let names = &actor.names;
    let (zp, interface, protocol) = (&names.private, &names.interface, &actor.generics.actor);
    let bounded = &actor.generics.bounded;
    let arguments = actor.generics.arguments();
    let clause = vouching.whole_clause();
    let name = &names.envelope;
    let (state, context, envelope) = (local("state"), local("ctx"), local("envelope"));
    let arms = tokens::each(&actor.variants, |variant| arm(actor, variant));
    let future = quote!(impl #zp::Future<Output = #zp::Result<(), #zp::Failure>> + #zp::Send + 'a);
    let hook = |name: &str| {
        let name = Ident::new(name, Span::call_site());
        quote! {
            fn #name<'a>(#state: &'a mut __ZctorState, #context: &'a mut #zp::Context<Self>) -> #future {
                #zp::hook(<__ZctorState as #interface #arguments>::#name(#state, #context))
            }
        }
    };
    let (start, stop) = (hook("on_start"), hook("on_stop"));
    let previous = local("previous");
    let restart = quote! {
        fn on_restart<'a>(#state: &'a mut __ZctorState, #previous: #zp::Exit, #context: &'a mut #zp::Context<Self>) -> #future {
            #zp::hook(<__ZctorState as #interface #arguments>::on_restart(#state, #previous, #context))
        }
    };
    let (kind, next) = (&names.kind, local("next"));
    let holds = holds();
    let supervisor = actor.supervisor.as_ref();
    let child = supervisor.map(|supervisor| super::supervisor::child_function(actor, supervisor));
    let factories = supervisor.map(|supervisor| {
        let factories = &supervisor.factories;
        quote!(#factories #arguments +)
    });
    // A supervisor without messages has no trait of handlers, and so no hooks.
    let handled = supervisor.is_none() || !actor.variants.is_empty();
    let handles = handled.then(|| quote!(#interface #arguments));
    let hooks = handled.then(|| {
        quote! {
            const HOLDS: #zp::bool = <__ZctorState as #interface #arguments>::#holds;
            fn ready(#state: &__ZctorState, #next: #kind) -> #zp::bool {
                <__ZctorState as #interface #arguments>::ready(#state, #next)
            }
            #start
            #restart
            #stop
        }
    });
    let nothing = super::locals::nothing(actor, &quote!(#name));
    let batches = super::batches::dispatch(actor, &future);
    quote! {
        #[doc(hidden)]
        impl<#(#bounded,)* __ZctorState: #factories #handles> #zp::HandledBy<__ZctorState> for #protocol #clause {
            #hooks
            #child
            #batches
            fn dispatch<'a>(
                #state: &'a mut __ZctorState,
                #envelope: #name #arguments,
                #context: &'a mut #zp::Context<Self>,
            ) -> #future {
                async move {
                    match #envelope { #arms #nothing }
                }
            }
        }
    }
}

fn arm(actor: &Actor, variant: &Variant) -> TokenStream {
    if variant.batch.is_some() {
        return super::batches::arm(actor, variant);
    }
    let names = &actor.names;
    let (zp, interface, envelope) = (&names.private, &names.interface, &names.envelope);
    let arguments = actor.generics.arguments();
    let (state, context, port, result) =
        (local("state"), local("ctx"), local("port"), local("result"));
    let (cfg, ident, method) = (&variant.cfg, &variant.ident, &variant.method);
    let fields = slots(&variant.fields, |field| &field.slot);
    let values = tokens::each(&variant.fields, |field| {
        let (cfg, slot) = (&field.cfg, &field.slot);
        quote!(#cfg #slot,)
    });
    let deferred = variant
        .ask
        .as_ref()
        .is_some_and(|ask| ask.deferred.is_some());
    let reply = deferred.then(|| quote!(#zp::DeferredPort::defer(#port),));
    let call = quote!(<__ZctorState as #interface #arguments>::#method(#state, #values #reply #context).await);
    let Some(ask) = &variant.ask else {
        return quote!(#cfg #envelope::#ident { #fields } => #zp::Output::<()>::into_result(#call),);
    };
    let ty = output(actor, variant);
    let handled = quote!(#zp::Output::<#ty>::into_result(#call));
    let answered = match ask {
        Ask {
            deferred: Some(_), ..
        } => handled,
        Ask { error: Some(_), .. } => {
            quote!({ let #result = #handled; #zp::Port::answer_result(#port, #result, #context) })
        }
        Ask { error: None, .. } => {
            quote!({ let #result = #handled; #zp::Port::answer(#port, #result) })
        }
    };
    let kind = port_name(ask);
    quote! {
        #cfg #envelope::#ident { #fields #port } => if #zp::#kind::claim(&#port, #context) {
            #answered
        } else {
            #zp::Ok(())
        },
    }
}
