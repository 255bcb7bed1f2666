//! The facts about one variant.

use proc_macro2::{Ident, Span};
use quote::format_ident;
use syn::Fields;

use super::attributes;
use super::flow;
use super::methods::Method;
use crate::diag::Report;
use crate::model::actor::{Ask, Field, Style, Variant};
use crate::model::declared::{Marks, Options};
use crate::model::generics::Generics;
use crate::model::names::{landing, located, ours, plain};
use crate::wording::checks as say;

pub(super) fn variant(
    variant: &syn::Variant,
    marks: &Marks,
    method: Method,
    options: &Options,
    generics: &Generics,
    report: &mut Report,
) -> Variant {
    let text = plain(&variant.ident);
    if let Some((_, number)) = &variant.discriminant {
        report.on(number, say::discriminant(&text));
    }
    let style = match &variant.fields {
        Fields::Unit => Style::Unit,
        Fields::Unnamed(_) => Style::Tuple,
        Fields::Named(_) => Style::Struct,
    };
    let fields = fields(&variant.fields, generics);
    if style == Style::Tuple && fields.iter().filter(|field| !field.cfg.is_empty()).count() > 4 {
        report.on(&variant.fields, say::too_many_conditions());
    }
    let ask = ask(marks, options, generics, &fields);
    let batch = free_name(["batch", "items", "__zctor_batch"], &fields);
    let documentation = attributes::documentation(&variant.attrs, &generics.actor);
    Variant {
        ident: located(&variant.ident, landing(variant.ident.span())),
        text,
        style,
        context: free_name(["ctx", "context", "__zctor_ctx"], &fields),
        method: method.ident,
        extent: extent(variant),
        fields,
        ask,
        high: marks.priority.as_ref().and_then(|given| given.value) == Some(true),
        breaker: flow::breaker(marks, generics),
        limit: flow::limit(marks, generics),
        batch: flow::batch(variant, marks, generics, batch),
        latest: flow::latest(variant, marks),
        idempotent: marks.idempotent.is_some() && marks.reply.is_some(),
        every: flow::period(variant, marks),
        on_handle: method.on_handle,
        cfg: attributes::cfg(&variant.attrs),
        documented: documentation.says_something,
        docs: documentation.attrs,
        deprecated: attributes::named(&variant.attrs, "deprecated"),
    }
}

fn ask(marks: &Marks, options: &Options, generics: &Generics, fields: &[Field]) -> Option<Ask> {
    // Of an internal ask, which is refused, the handler is what the user wrote.
    let reply = marks.reply.as_ref()?.value.as_ref()?;
    let own = marks.timeout.as_ref().map(|given| given.value);
    let common = options.timeout.as_ref().and_then(|given| given.value);
    Some(Ask {
        answer: generics.outside(&reply.answer),
        error: reply.error.as_ref().map(|error| generics.outside(error)),
        // In a batch each comes with its reply.
        deferred: (reply.deferred || marks.batch.is_some())
            .then(|| free_name(["reply", "answer", "__zctor_reply"], fields)),
        limit: own.unwrap_or(common),
    })
}

/// The places of its name and of the end of its fields.
fn extent(variant: &syn::Variant) -> (Span, Span) {
    let first = variant.ident.span();
    let last = match &variant.fields {
        Fields::Named(fields) => fields.brace_token.span.close(),
        Fields::Unnamed(fields) => fields.paren_token.span.close(),
        Fields::Unit => first,
    };
    (ours(first), ours(last))
}

/// The first of the names that no field has; the last one none has.
fn free_name(names: [&str; 3], fields: &[Field]) -> Ident {
    let taken = |name: &str| fields.iter().any(|field| plain(&field.parameter) == name);
    let free = names.iter().find(|name| !taken(name));
    let name = free.or(names.last()).unwrap_or(&"__zctor");
    Ident::new(name, Span::call_site())
}

fn fields(fields: &Fields, generics: &Generics) -> Vec<Field> {
    let single = fields.len() == 1;
    let mut all = Vec::new();
    for (at, field) in fields.iter().enumerate() {
        all.push(Field {
            cfg: attributes::cfg(&field.attrs),
            docs: attributes::listed(&field.attrs, &generics.actor),
            ident: field.ident.clone(),
            text: field.ident.as_ref().map_or_else(|| at.to_string(), plain),
            slot: format_ident!("__zctor_f{}", at, span = Span::mixed_site()),
            parameter: match &field.ident {
                Some(ident) => located(ident, ours(ident.span())),
                None if single => format_ident!("value"),
                None => format_ident!("arg{}", at),
            },
            ty: generics.outside(&field.ty),
        });
    }
    all
}
