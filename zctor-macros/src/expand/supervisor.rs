//! What a supervisor has besides what every actor has.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::locals::{allow_deprecated, duration, local, panic_at, section};
use crate::model::actor::Actor;
use crate::model::declared::{AutoShutdown, Patience, Restart, Strategy};
use crate::model::names::{ours, spoken_of};
use crate::model::supervisor::{Child, Supervisor};
use crate::tokens;
use crate::wording::supervisor as say;
use crate::wording::traits::Unimplemented;

/// The items that users name: the trait of the factories, the enum of the
/// children, and the trait by which handlers start dynamic children.
pub(super) fn items(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let factories = factories(actor, supervisor);
    let child = child_enum(actor, supervisor);
    let context = context(actor, supervisor);
    quote!(#factories #child #context)
}

/// What is implemented, and checked.
pub(super) fn inside(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let accessors = accessors(actor, supervisor);
    let supervision = supervision(actor, supervisor);
    let names = names_of_children(actor, supervisor);
    let starts = starts_in_handlers(actor, supervisor);
    quote!(#supervision #accessors #names #starts)
}

fn documentation(child: &Child, text: String) -> TokenStream {
    let docs = &child.docs;
    let doc = (!child.documented).then(|| quote!(#[doc = #text]));
    quote!(#docs #doc)
}

/// What the protocol of a child says, all of it at the child's type. Where that is no actor the compiler
/// says so at each use in the same words, and so once.
fn its(item: &str, zp: &TokenStream, child: &Child) -> TokenStream {
    let (ty, at) = (&child.ty, spoken_of(child.ty.span()));
    let protocol = tokens::at(quote!(#zp::Protocol), ours(at));
    let item = Ident::new(item, at);
    quote_spanned!(at=> <#ty as #protocol>::#item)
}

/// The type of its handle, likewise.
fn handle(zp: &TokenStream, child: &Child) -> TokenStream {
    let (ty, at) = (&child.ty, spoken_of(child.ty.span()));
    let of = tokens::at(quote!(#zp::HandleOf), at);
    quote_spanned!(at=> #of<#ty>)
}

/// A call for a child, likewise.
fn call(function: &str, zp: &TokenStream, child: &Child, arguments: TokenStream) -> TokenStream {
    let (ty, at) = (&child.ty, spoken_of(child.ty.span()));
    let function = Ident::new(function, at);
    let function = tokens::at(quote!(#zp::#function), at);
    let mut given = Group::new(Delimiter::Parenthesis, arguments);
    given.set_span(at);
    quote_spanned!(at=> #function::<_, #ty> #given)
}

fn parameters(child: &Child) -> TokenStream {
    tokens::each(&child.arguments, |(name, ty)| quote!(#name: #ty,))
}

/// The names of the start arguments, each followed by a comma.
fn values(child: &Child) -> TokenStream {
    tokens::each(&child.arguments, |(name, _)| quote!(#name,))
}

fn factories(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let (vis, cfg, names) = (&actor.vis, &actor.cfg, &actor.names);
    let (zp, name, text) = (&names.private, &supervisor.factories, &names.text);
    let (declaration, clause) = (actor.generics.declaration(), actor.generics.clause());
    let (handle, arguments) = (&names.handle, actor.generics.arguments());
    let doc = format!(
        "What the state of the supervisor [`{text}`] has to offer: a factory for each child, called for each of its starts."
    );
    let Unimplemented {
        message,
        label,
        note,
    } = crate::wording::traits::factories(&name.to_string(), text);
    let methods = tokens::each(&supervisor.children, |child| {
        let (cfg, deprecated, method, ty) =
            (&child.cfg, &child.deprecated, &child.method, &child.ty);
        let docs = documentation(child, format!("Makes the child `{}`.", child.text));
        // The compiler shows the declaration from the first type to the last: that is the variant.
        let (first, last) = (ours(child.at), ours(ty.span()));
        let this = quote_spanned!(first=> &mut self);
        let supervisor = tokens::at(quote!(&#handle #arguments), last);
        let index = child
            .count
            .as_ref()
            .map(|_| quote_spanned!(last=> index: #zp::usize,));
        let parameters = parameters(child);
        quote! {
            #cfg #docs #deprecated
            fn #method(#this, supervisor: #supervisor, #index #parameters) -> #zp::Child<#ty>;
        }
    });
    let allow = allow_deprecated(actor);
    quote! {
        #[doc = #doc]
        #cfg
        #allow
        #[diagnostic::on_unimplemented(message = #message, label = #label, note = #note)]
        #vis trait #name #declaration: #zp::Sized + #zp::Send + 'static #clause {
            #methods
        }
    }
}

fn child_enum(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let (vis, cfg, zp, name) = (
        &actor.vis,
        &actor.cfg,
        &actor.names.private,
        &supervisor.child,
    );
    let doc = format!(
        "The children of [`{}`], by name: for `restart_child` and the like.",
        actor.names.text
    );
    let variants = tokens::each(&supervisor.children, |child| {
        let (cfg, deprecated, ident) = (&child.cfg, &child.deprecated, &child.ident);
        let docs = documentation(child, format!("The child `{}`.", child.text));
        let fields = match (&child.count, child.dynamic) {
            (Some(_), _) => quote!((#[doc = "Its index, from 0."] #zp::usize)),
            (None, true) => quote!((#[doc = "The id of its actor."] #zp::ActorId)),
            (None, false) => quote!(),
        };
        quote!(#cfg #docs #deprecated #ident #fields,)
    });
    let non_exhaustive = &actor.non_exhaustive;
    quote! {
        #[doc = #doc]
        #cfg
        #non_exhaustive
        #[derive(#zp::Clone, #zp::Copy, #zp::Debug, #zp::PartialEq, #zp::Eq, #zp::Hash)]
        #vis enum #name {
            #variants
        }
    }
}

fn names_of_children(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let (zp, name) = (&actor.names.private, &supervisor.child);
    let (f, value) = (local("f"), local("value"));
    let arms = tokens::each(&supervisor.children, |child| {
        let (cfg, ident, text) = (&child.cfg, &child.ident, &child.text);
        let text = match (&child.count, child.dynamic) {
            (Some(_), _) => format!("{text}[{{}}]"),
            (None, true) => format!("{text}{{}}"),
            (None, false) => return quote!(#cfg #name::#ident => #f.write_str(#text),),
        };
        quote!(#cfg #name::#ident(#value) => #zp::write!(#f, #text, #value),)
    });
    let empty = supervisor.children.is_empty();
    let on = if empty { quote!(*self) } else { quote!(self) };
    quote! {
        impl #zp::Display for #name {
            fn fmt(&self, #f: &mut #zp::Formatter<'_>) -> #zp::fmt::Result {
                match #on { #arms }
            }
        }
        impl #zp::From<#name> for #zp::ChildName {
            fn from(#value: #name) -> Self {
                #zp::ChildName::from(#zp::ToString::to_string(&#value))
            }
        }
    }
}

fn given(zp: &TokenStream, child: &Child) -> TokenStream {
    let values = values(child);
    let how = match child.restart {
        Restart::Temporary => quote!(once),
        Restart::Permanent | Restart::Transient => quote!(cloned),
    };
    quote!(#zp::Arguments::#how((#values)))
}

fn accessors(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let (vis, names) = (&actor.vis, &actor.names);
    let (zp, name) = (&names.private, &names.handle);
    let (declared, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let methods = tokens::each(&supervisor.children, |child| {
        let (cfg, deprecated, ty, text) = (&child.cfg, &child.deprecated, &child.ty, &child.text);
        let handle = handle(zp, child);
        let (method, start) = (&child.method, &child.start);
        let all = child.plural.as_ref().map(|plural| {
            let children = call("children", zp, child, quote!(&self.actor, #text));
            let doc = match child.dynamic {
                true => format!("The children `{text}` that there are now."),
                false => format!("All children `{text}`."),
            };
            let docs = &child.docs;
            quote! {
                #cfg #docs
                #[doc = ""]
                #[doc = #doc]
                #deprecated
                #[must_use]
                #vis fn #plural(&self) -> #zp::Vec<#handle> {
                    #children
                }
            }
        });
        let docs = &child.docs;
        let one = if child.dynamic {
            let doc = format!("Starts a child `{text}`, and gives its handle when it has started.");
            let (parameters, given) = (parameters(child), given(zp, child));
            let begin = call("start_child", zp, child, quote!(&self.actor, #text, #given));
            quote! {
                #cfg #docs
                #[doc = ""]
                #[doc = #doc]
                #deprecated
                #vis fn #start(&self, #parameters) -> #zp::StartChild<#ty> {
                    #begin
                }
            }
        } else {
            let doc = format!(
                "The handle of the child `{text}`. It stays valid across restarts; when the actor has ended for good, the accessor gives a handle of its successor."
            );
            let (index, parameter, panics) = match &child.count {
                Some(_) => (
                    quote!(index),
                    quote!(index: #zp::usize),
                    section("# Panics", "If there is no child of that index."),
                ),
                None => (quote!(0), quote!(), quote!()),
            };
            let one = call("child", zp, child, quote!(&self.actor, #text, #index));
            quote! {
                #cfg #docs
                #[doc = ""]
                #[doc = #doc]
                #panics
                #deprecated
                #[must_use]
                #vis fn #method(&self, #parameter) -> #handle {
                    #one
                }
            }
        };
        quote!(#one #all)
    });
    quote! {
        impl #declared #name #arguments #clause {
            #methods
        }
    }
}

/// The names of parameters, where they are not the user's.
pub(super) fn parameter_names(supervisor: &Supervisor) -> Vec<Ident> {
    let mut all = Vec::new();
    for child in &supervisor.children {
        if child.dynamic {
            for (name, _) in &child.arguments {
                all.push(name.clone());
            }
        }
        if child.count.is_some() {
            all.push(Ident::new("index", Span::call_site()));
        }
    }
    all
}

fn context(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let dynamic = dynamic(supervisor);
    if dynamic.is_empty() || actor.variants.is_empty() {
        return TokenStream::new();
    }
    let (vis, cfg, zp, name) = (
        &actor.vis,
        &actor.cfg,
        &actor.names.private,
        &supervisor.context,
    );
    let (declaration, clause) = (actor.generics.declaration(), actor.generics.clause());
    let doc = format!(
        "How handlers of [`{}`] start dynamic children: methods of its context.",
        actor.names.text
    );
    let methods = tokens::each(&dynamic, |child| {
        let (cfg, start, parameters) = (&child.cfg, &child.start, parameters(child));
        let (handle, deprecated) = (handle(zp, child), &child.deprecated);
        let doc = format!(
            "Starts a child `{}` when the handler has returned. Its handle is there at once.",
            child.text
        );
        quote! {
            #cfg #[doc = #doc] #deprecated
            fn #start(&mut self, #parameters) -> #handle;
        }
    });
    quote! {
        #[doc = #doc]
        #cfg
        #vis trait #name #declaration #clause {
            #methods
        }
    }
}

fn starts_in_handlers(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let dynamic = dynamic(supervisor);
    if dynamic.is_empty() || actor.variants.is_empty() {
        return TokenStream::new();
    }
    let (zp, name, protocol) = (
        &actor.names.private,
        &supervisor.context,
        &actor.generics.actor,
    );
    let (declared, arguments, clause) = (
        actor.generics.parameters(),
        actor.generics.arguments(),
        actor.generics.clause(),
    );
    let methods = tokens::each(&dynamic, |child| {
        let (cfg, start, text) = (&child.cfg, &child.start, &child.text);
        let (parameters, given) = (parameters(child), given(zp, child));
        let begin = call("start_child_here", zp, child, quote!(self, #text, #given));
        let handle = handle(zp, child);
        quote! {
            #cfg
            fn #start(&mut self, #parameters) -> #handle {
                #begin
            }
        }
    });
    quote! {
        impl #declared #name #arguments for #zp::Context<#protocol> #clause {
            #methods
        }
    }
}

fn dynamic(supervisor: &Supervisor) -> Vec<&Child> {
    let mut all = Vec::new();
    for child in &supervisor.children {
        if child.dynamic {
            all.push(child);
        }
    }
    all
}

fn patience(zp: &TokenStream, patience: Patience) -> TokenStream {
    match patience {
        Patience::Brutal => quote!(#zp::Patience::Brutal),
        Patience::Infinity => quote!(#zp::Patience::Infinity),
        Patience::Within(limit) => {
            let limit = duration(zp, limit);
            quote!(#zp::Patience::Within(#limit))
        }
    }
}

/// The tables that the runtime reads, and the check of the limits.
fn supervision(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let (zp, protocol) = (&actor.names.private, &actor.generics.actor);
    let (declared, clause) = (actor.generics.parameters(), actor.generics.clause());
    let strategy = match supervisor.strategy {
        Strategy::OneForOne => quote!(OneForOne),
        Strategy::OneForAll => quote!(OneForAll),
        Strategy::RestForOne => quote!(RestForOne),
    };
    let auto_shutdown = match supervisor.auto_shutdown {
        AutoShutdown::Never => quote!(Never),
        AutoShutdown::AnySignificant => quote!(AnySignificant),
        AutoShutdown::AllSignificant => quote!(AllSignificant),
    };
    let (most, within) = (&supervisor.max_restarts, duration(zp, supervisor.within));
    let backoff = supervisor.backoff.map(|backoff| {
        let (min, max) = (duration(zp, backoff.min), duration(zp, backoff.max));
        quote!(.backoff(#min, #max))
    });
    let specs = tokens::with_commas(&supervisor.children, |child| spec(zp, child));
    let limits = tokens::each(&supervisor.children, |child| limit(actor, child));
    quote! {
        impl #declared #zp::Supervisor for #protocol #clause {
            const CHILDREN: &'static [#zp::ChildSpec] = &[#specs];
            const SUPERVISION: #zp::Supervision = #zp::Supervision::new(
                #zp::Strategy::#strategy,
                #most,
                #within,
                #zp::AutoShutdown::#auto_shutdown,
                Self::CHILDREN,
            )#backoff;
        }
        #limits
    }
}

fn spec(zp: &TokenStream, child: &Child) -> TokenStream {
    let (cfg, ty, text) = (&child.cfg, &child.ty, &child.text);
    let restart = match child.restart {
        Restart::Permanent => quote!(),
        Restart::Transient => quote!(.restart(#zp::Restart::Transient)),
        Restart::Temporary => quote!(.restart(#zp::Restart::Temporary)),
    };
    let shutdown = child.shutdown.map(|(_, limit)| {
        let limit = patience(zp, limit);
        quote!(.shutdown(#limit))
    });
    let significant = child.significant.then(|| quote!(.significant()));
    let dynamic = child.dynamic.then(|| quote!(.dynamic()));
    let count = child.count.as_ref().map(|count| quote!(.count(#count)));
    let at = ours(ty.span());
    let (protocol, path) = (its("NAME", zp, child), tokens::at(zp.clone(), at));
    let name = local("name");
    let of =
        quote_spanned!(at=> { let #name = #protocol; #path::ChildSpec::of::<#ty>(#name, #text) });
    quote!(#cfg #of #restart #shutdown #significant #dynamic #count)
}

/// How long the children may take to stop, all in all.
pub(super) fn stop_time(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let zp = &actor.names.private;
    let times = tokens::with_commas(&supervisor.children, |child| {
        let cfg = &child.cfg;
        let given = match child.shutdown {
            Some((_, limit)) => {
                let limit = patience(zp, limit);
                quote!(#zp::Some(#limit))
            }
            None => quote!(#zp::None),
        };
        let count = child.count.clone().unwrap_or_else(|| quote!(1));
        match child.dynamic {
            true => quote!(#cfg #zp::dynamic_stop_time(#given)),
            false => {
                let (supervises, needs) =
                    (its("SUPERVISES", zp, child), its("STOP_TIME", zp, child));
                quote!(#cfg #zp::stop_time(#supervises, #needs, #given, #count))
            }
        }
    });
    quote!(#zp::StopTime::all(&[#times]))
}

/// A supervisor that has a limit must be able to stop its children within it.
fn limit(actor: &Actor, child: &Child) -> Option<TokenStream> {
    let (at, Patience::Within(limit)) = child.shutdown? else {
        return None;
    };
    if child.dynamic || !actor.generics.names.is_empty() {
        return None;
    }
    let (zp, at, cfg) = (&actor.names.private, ours(at), &child.cfg);
    let message = say::slower_than_allowed(&child.variant, &format!("{limit:?}"));
    let panic = panic_at(zp, &message, at);
    let limit = duration(zp, limit);
    let needs = its("STOP_TIME", zp, child);
    Some(quote! {
        #cfg
        const _: () = if !#needs.is_within(#limit) { #panic };
    })
}

/// What a child is started with has to travel: said where the user wrote its type.
pub(super) fn probes(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let generic = !actor.generics.names.is_empty();
    tokens::each(&supervisor.children, |child| {
        let cfg = &child.cfg;
        let what = match child.restart {
            Restart::Temporary => "Payload",
            Restart::Permanent | Restart::Transient => "Repeatable",
        };
        let arguments = tokens::each(&child.arguments, |(_, ty)| {
            let probe = super::probes::probe(&actor.names.private, ty, what, generic);
            quote!({ #probe })
        });
        quote!(#cfg { #arguments })
    })
}

/// The factories, as the engine calls them.
pub(super) fn child_function(actor: &Actor, supervisor: &Supervisor) -> TokenStream {
    let zp = &actor.names.private;
    let (handle, arguments) = (&actor.names.handle, actor.generics.arguments());
    let factories = &supervisor.factories;
    let (state, boss, name, index, given) = (
        local("state"),
        local("supervisor"),
        local("name"),
        local("index"),
        local("arguments"),
    );
    let arms = tokens::each(&supervisor.children, |child| {
        let (cfg, text, method) = (&child.cfg, &child.text, &child.method);
        let values = values(child);
        let types = tokens::each(&child.arguments, |(_, ty)| quote!(#ty,));
        let at = child.count.as_ref().map(|_| quote!(#index,));
        let call = quote! {
            #zp::Made::of(<__ZctorState as #factories #arguments>::#method(#state, #boss, #at #values))
        };
        if child.dynamic {
            quote! {
                #cfg #text => match #zp::Arguments::take::<(#types)>(#given) {
                    #zp::Some((#values)) => #call,
                    #zp::None => #zp::Made::none(),
                },
            }
        } else {
            quote!(#cfg #text => #call,)
        }
    });
    quote! {
        fn child(
            #state: &mut __ZctorState,
            #boss: &#zp::Handle<Self>,
            #name: &'static #zp::str,
            #index: #zp::usize,
            #given: #zp::Option<#zp::Arguments>,
        ) -> #zp::Made {
            let #boss = &<#handle #arguments as #zp::From<#zp::Handle<Self>>>::from(#zp::Clone::clone(#boss));
            match #name {
                #arms
                _ => #zp::Made::none(),
            }
        }
    }
}
