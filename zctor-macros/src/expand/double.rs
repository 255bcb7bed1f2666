//! `struct CounterDouble`: an actor for tests, whose answers are scripted.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::interface::output;
use super::locals::{allow_deprecated, docs, holds, local};
use super::seal::combinations;
use crate::model::actor::{Actor, Field, Variant};
use crate::model::names::{common, plain};
use crate::tokens;

pub(super) fn structure(actor: &Actor) -> Option<TokenStream> {
    let name = actor.names.double.as_ref()?;
    let (vis, cfg, names) = (&actor.vis, &actor.cfg, &actor.names);
    let (zp, protocol) = (&names.private, &actor.generics.actor);
    let (declaration, clause) = (actor.generics.declaration(), actor.generics.clause());
    let doc = format!(
        "An actor for tests that speaks [`{}`], with answers that are scripted: for each message by a method `on_…`, or `expect_…` if it has to come. Dropped, it fails the test if something came that was not scripted, or did not come that is expected.",
        names.actor
    );
    let allow = allow_deprecated(actor);
    Some(quote! {
        #[doc = #doc]
        #cfg
        #allow
        #vis struct #name #declaration #clause {
            double: #zp::Double<#protocol>,
        }
    })
}

pub(super) fn implementation(actor: &Actor) -> Option<TokenStream> {
    let name = actor.names.double.as_ref()?;
    let (vis, names) = (&actor.vis, &actor.names);
    let (zp, handle, protocol) = (&names.private, &names.handle, &actor.generics.actor);
    let (parameters, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let closure = closure(actor);
    let scripting = each(actor, &closure, scripting);
    let handlers = each(actor, &closure, handler);
    let (interface, holds) = (&names.interface, holds());
    let f = local("f");
    let named = |name: &str| common(name, names.actor.span());
    let (new, own) = (named("new"), named("handle"));
    let (child, verify) = (named("child"), named("verify"));
    Some(quote! {
        impl #parameters #name #arguments #clause {
            /// Spawns one that nothing is scripted for yet.
            #[must_use]
            #vis fn #new(system: &#zp::System) -> Self {
                Self { double: #zp::Double::new(system) }
            }
            /// A handle of its actor.
            #[must_use]
            #vis fn #own(&self) -> #handle #arguments {
                #zp::Double::handle(&self.double)
            }
            /// A child that answers in the same way: for the factories of supervisors.
            #vis fn #child(&self) -> #zp::Child<#protocol> {
                #zp::Double::child(&self.double)
            }
            /// Waits until all that is expected has come, or something that was not scripted.
            ///
            /// # Panics
            ///
            /// If something came that was not scripted, or the time limit of 3 seconds is over.
            #vis fn #verify(&self) -> #zp::Verify {
                #zp::Double::verify(&self.double)
            }
            #scripting
        }
        impl #parameters #zp::Debug for #name #arguments #clause {
            fn fmt(&self, #f: &mut #zp::Formatter<'_>) -> #zp::fmt::Result {
                #zp::Debug::fmt(&self.double, #f)
            }
        }
        impl #parameters #interface #arguments for #zp::Script<#protocol> #clause {
            #handlers
            const #holds: #zp::bool = false;
        }
    })
}

/// What is called by a name of ours among the parameters of its methods.
pub(super) fn parameters(actor: &Actor) -> Vec<Ident> {
    let named = |name: &str| Ident::new(name, Span::call_site());
    let mut all = vec![named("script"), named("system")];
    for variant in &actor.variants {
        if let Some(ask) = &variant.ask {
            all.extend(ask.deferred.clone());
        }
        if let Some(batch) = &variant.batch {
            all.push(batch.parameter.clone());
        }
    }
    all
}

/// What a handler gets, and what it gives.
struct Scene<'a> {
    actor: &'a Actor,
    variant: &'a Variant,
    /// What the type of its script is called.
    closure: &'a Ident,
    condition: TokenStream,
    names: Vec<Ident>,
    types: Vec<TokenStream>,
    output: TokenStream,
}

/// For each variant, and each selection of its fields that have conditions.
fn each(actor: &Actor, closure: &Ident, make: fn(&Scene<'_>) -> TokenStream) -> TokenStream {
    let mut all = TokenStream::new();
    for variant in &actor.variants {
        for (condition, fields) in combinations(&variant.fields) {
            all.extend(make(&scene(actor, variant, closure, condition, &fields)));
        }
    }
    all
}

fn scene<'a>(
    actor: &'a Actor,
    variant: &'a Variant,
    closure: &'a Ident,
    condition: TokenStream,
    fields: &[&Field],
) -> Scene<'a> {
    let zp = &actor.names.private;
    let (mut names, mut types) = (Vec::new(), Vec::new());
    if let Some(batch) = &variant.batch {
        names.push(batch.parameter.clone());
        types.push(super::batches::ty(actor, variant));
    } else {
        for field in fields {
            let ty = &field.ty;
            names.push(field.parameter.clone());
            types.push(quote!(#ty));
        }
        if let Some(ask) = &variant.ask
            && let Some(reply) = &ask.deferred
        {
            let (answer, error) = (&ask.answer, ask.error.iter());
            names.push(reply.clone());
            types.push(quote!(#zp::Reply<#answer #(, #error)*>));
        }
    }
    Scene {
        actor,
        variant,
        closure,
        condition,
        names,
        types,
        output: output(actor, variant),
    }
}

/// What the script of a message is kept as.
fn page(scene: &Scene<'_>) -> TokenStream {
    let (zp, types, output) = (&scene.actor.names.private, &scene.types, &scene.output);
    quote!(#zp::Box<dyn #zp::FnMut(#(#types),*) -> #output + #zp::Send>)
}

/// The methods by which a test scripts a message.
fn scripting(scene: &Scene<'_>) -> TokenStream {
    let Scene {
        actor,
        variant,
        closure,
        condition,
        names,
        types,
        output,
    } = scene;
    let (vis, zp, kind) = (&actor.vis, &actor.names.private, &actor.names.kind);
    let (cfg, deprecated, ident) = (&variant.cfg, &variant.deprecated, &variant.ident);
    let method = plain(&variant.method);
    let of = super::locals::link(actor, variant);
    let on = format_ident!("on_{}", method, span = variant.method.span());
    let expect = format_ident!("expect_{}", method, span = variant.method.span());
    let answers =
        format!("Has each message {of} handled by `script`, in place of what was said before.");
    let expects = format!(
        "Expects one more message {of}, and has it handled by `script`: after those that were expected before, and before `{on}` has its turn."
    );
    let (page, script, once) = (page(scene), local("script"), local("once"));
    let (made, docs) = (local("page"), docs(variant));
    quote! {
        #cfg #condition
        #[doc = #answers]
        #docs
        #deprecated
        #vis fn #on<#closure>(&self, script: #closure) -> &Self
        where
            #closure: #zp::FnMut(#(#types),*) -> #output + #zp::Send + 'static,
        {
            let #made: #page = #zp::Box::new(script);
            #zp::Double::on(&self.double, #kind::#ident, #made);
            self
        }
        #cfg #condition
        #[doc = #expects]
        #docs
        #deprecated
        #vis fn #expect<#closure>(&self, script: #closure) -> &Self
        where
            #closure: #zp::FnOnce(#(#types),*) -> #output + #zp::Send + 'static,
        {
            let mut #once = #zp::Some(script);
            let #made: #page = #zp::Box::new(move |#(#names: #types),*| match #zp::Option::take(&mut #once) {
                #zp::Some(#script) => #script(#(#names),*),
                #zp::None => #zp::panic!("it is called once"),
            });
            #zp::Double::expect(&self.double, #kind::#ident, #made);
            self
        }
    }
}

/// What the type of a script is called: not like anything that its parameters and its result name.
fn closure(actor: &Actor) -> Ident {
    let mut types = TokenStream::new();
    for variant in &actor.variants {
        for field in &variant.fields {
            field.ty.to_tokens(&mut types);
        }
        if let Some(ask) = &variant.ask {
            ask.answer.to_tokens(&mut types);
            ask.error.to_tokens(&mut types);
        }
    }
    let named = |name: &Ident| tokens::mention(types.clone(), std::slice::from_ref(name));
    actor
        .generics
        .free(&["F", "Script", "__ZctorScript"], &named)
}

/// The handler that does what was scripted.
fn handler(scene: &Scene<'_>) -> TokenStream {
    let Scene {
        actor,
        variant,
        condition,
        names,
        types,
        output,
        ..
    } = scene;
    let (zp, kind, protocol) = (
        &actor.names.private,
        &actor.names.kind,
        &actor.generics.actor,
    );
    let (cfg, ident, method) = (&variant.cfg, &variant.ident, &variant.method);
    let (context, script, page) = (local("ctx"), local("script"), page(scene));
    quote! {
        #cfg #condition
        fn #method(
            &mut self,
            #(#names: #types,)*
            #context: &mut #zp::Context<#protocol>,
        ) -> impl #zp::Future<Output: #zp::Output<#output>> + #zp::Send {
            let _ = #context;
            #zp::ready(#zp::Script::play(self, #kind::#ident, |#script: &mut #page| #script(#(#names),*)))
        }
    }
}
