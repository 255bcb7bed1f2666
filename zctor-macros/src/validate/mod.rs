//! From what was declared to the facts that expansion reads.

mod attributes;
mod children;
mod flow;
mod generics;
mod given_names;
mod mail;
mod methods;
mod variants;

pub(crate) use generics::borrows_answer;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote};
use syn::parse_quote;

use crate::diag::Report;
use crate::model::actor::{Actor, Names};
use crate::model::attributes::Attributes;
use crate::model::declared::{Declaration, Options, Thread};
use crate::model::generics::Generics;
use crate::model::names::{landing, located, plain, snake_case};
use crate::model::supervisor::Supervisor;
use crate::syntax::ItemEnum;
use crate::wording::{checks as say, supervisor as supervising};

/// Checks a declaration. The mistaken parts of it are left out.
pub(crate) fn actor(mut declaration: Declaration, report: &mut Report) -> Actor {
    let item = &declaration.item;
    for (variant, marks) in item.variants.iter().zip(&declaration.marks) {
        if let Some(child) = &marks.child {
            let name = plain(&variant.ident);
            report.at(child.at, supervising::child_of_an_actor(&name));
        }
    }
    // They would have no sense as messages.
    let children = children::take(&mut declaration.item, &mut declaration.marks);
    let text = plain(&declaration.item.ident);
    if declaration.item.variants.is_empty() && children.is_empty() {
        report.at(declaration.item.ident.span(), say::no_variants(&text));
    }
    given_names::check(&mut declaration.options, &declaration.item, false, report);
    // Without messages there is no field that could have a parameter.
    let unused =
        !declaration.item.variants.is_empty() && given_names::any_unused(&declaration.item, report);
    let mut actor = messages(declaration, report);
    if unused {
        phantom(&mut actor);
    }
    actor
}

/// The same of a supervisor.
pub(crate) fn supervisor(mut declaration: Declaration, report: &mut Report) -> Actor {
    let Declaration {
        options,
        item,
        marks,
    } = &mut declaration;
    let declared = children::take(item, marks);
    given_names::check(options, item, true, report);
    let names = names(item, options);
    let generics = Generics::new(&item.ident, &item.generics, &names.private);
    let mut taken = Vec::new();
    for (variant, marks) in item.variants.iter().zip(marks.iter()) {
        let name = plain(&variant.ident);
        let given = marks.method.as_ref().and_then(|given| given.value.as_ref());
        let method = given.map_or_else(|| snake_case(&name), plain);
        taken.push((method.clone(), name.clone()));
        if marks.batch.is_some() {
            for verb in methods::BATCH_VERBS {
                taken.push((format!("{verb}_{method}"), name.clone()));
            }
        }
    }
    let supervisor = children::supervisor(item, declared, options, &generics, taken, report);
    let mut actor = messages(declaration, report);
    actor.deprecated |= supervisor
        .children
        .iter()
        .any(|child| !child.deprecated.is_empty());
    leads_on(&mut actor.item, &supervisor);
    actor.supervisor = Some(supervisor);
    phantom(&mut actor);
    actor
}

/// Documentation of the enum says where the children are, as they are not in it.
fn leads_on(item: &mut ItemEnum, supervisor: &Supervisor) {
    let (child, factories) = (&supervisor.child, &supervisor.factories);
    if item.attrs.iter().any(|attr| attr.path().is_ident("doc")) {
        let text = format!("Its children are named by [`{child}`], and made by [`{factories}`].");
        item.attrs.push(parse_quote!(#[doc = ""]));
        item.attrs.push(parse_quote!(#[doc = #text]));
    }
}

/// Parameters that only children use would be unused in the enum that is left, and those that nothing
/// uses have been reported.
fn phantom(actor: &mut Actor) {
    let mut parameters = TokenStream::new();
    for parameter in actor.item.generics.type_params() {
        let name = &parameter.ident;
        parameters.extend(quote!(#name,));
    }
    if parameters.is_empty() {
        return;
    }
    let zp = &actor.names.private;
    let fields = quote!((#zp::Infallible, #zp::PhantomData<fn() -> (#parameters)>));
    let variant = Ident::new(crate::expand::GENERICS, Span::call_site());
    actor.item.variants.push(parse_quote! {
        #[doc(hidden)]
        #variant #fields
    });
    actor.left_out.push((variant, Attributes::default()));
    actor.phantom = Some(fields);
}

fn messages(declaration: Declaration, report: &mut Report) -> Actor {
    let Declaration {
        options,
        mut item,
        mut marks,
    } = declaration;
    let names = names(&item, &options);
    generics::check(&item.generics, report);
    generics::borrows(&mut item, &mut marks, report);
    let generics = Generics::new(&item.ident, &item.generics, &names.private);
    let (mailbox, overflow, tells_wait) = mail::mail(&options, report);
    let thread = options.thread.as_ref().and_then(|given| given.value);
    mail::limits(&options, &marks, &item, report);
    flow::check(&item, &marks, report);
    let methods = methods::methods(&item, &marks, report);
    let mut variants = Vec::new();
    let mut left_out = Vec::new();
    for ((variant, marks), method) in item.variants.iter().zip(&marks).zip(methods) {
        match method {
            Some(method) => variants.push(variants::variant(
                variant, marks, method, &options, &generics, report,
            )),
            None => left_out.push((variant.ident.clone(), attributes::cfg(&variant.attrs))),
        }
    }
    let deprecated = attributes::any_deprecated(&item);
    generics.settle(&mut item);
    // Reported; the compiler would have more to say of it.
    for variant in &mut item.variants {
        variant.discriminant = None;
    }
    Actor {
        vis: attributes::visibility(&item.vis),
        cfg: attributes::cfg(&item.attrs),
        non_exhaustive: attributes::named(&item.attrs, "non_exhaustive"),
        names,
        generics,
        mailbox,
        overflow,
        thread: thread.unwrap_or(Thread::Shared),
        tells_wait,
        deprecated,
        supervisor: None,
        phantom: None,
        variants,
        left_out,
        item,
    }
}

/// The name that a double is given, if there is to be one.
fn double(options: &Options) -> Option<Option<Ident>> {
    let given = options.double.as_ref()?;
    Some(given.value.clone().flatten())
}

fn names(item: &ItemEnum, options: &Options) -> Names {
    let root = options.root.as_ref().and_then(|given| given.value.as_ref());
    let root = match root {
        Some(path) => quote!(#path),
        None => quote!(::zctor),
    };
    let text = plain(&item.ident);
    let made =
        |suffix: &str| format_ident!("{}{}", text, suffix, span = landing(item.ident.span()));
    let given = |name: &Option<crate::model::declared::Given<Ident>>| {
        name.as_ref().and_then(|given| given.value.clone())
    };
    Names {
        private: quote!(#root::__private),
        root,
        actor: located(&item.ident, item.ident.span()),
        interface: given(&options.interface).unwrap_or_else(|| made("Actor")),
        handle: given(&options.handle).unwrap_or_else(|| made("Handle")),
        kind: made("Kind"),
        envelope: Ident::new("__ZctorEnvelope", Span::call_site()),
        double: double(options).map(|given| given.unwrap_or_else(|| made("Double"))),
        text,
    }
}
