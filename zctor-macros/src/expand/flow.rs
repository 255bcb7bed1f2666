//! What stands between a message and the mailbox: circuit breakers and rate limits.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{format_ident, quote};

use super::locals::duration;
use crate::model::actor::{Actor, Batching, Breaker, Limit, Variant};
use crate::model::declared::Value;
use crate::model::names::ours;
use crate::tokens;

/// The row of a variant, with what it has of these. `number` is that of the variant.
pub(super) fn row(
    zp: &TokenStream,
    number: usize,
    variant: &Variant,
    row: TokenStream,
) -> TokenStream {
    let value = |known: bool, name: &str, value: TokenStream| match known {
        true => {
            let name = constant(name, number);
            quote!(#name)
        }
        // Its parameters are known, and it is checked, where the enum is used.
        false => quote!(#value.sound()),
    };
    let row = match &variant.breaker {
        Some(breaker) => {
            let settings = value(breaker.known, BREAKER, settings(zp, breaker));
            quote!(#zp::Variant::guarded(#row, #settings))
        }
        None => row,
    };
    let row = match &variant.limit {
        Some(limit) => {
            let rate = value(limit.known, LIMIT, rate(zp, limit));
            quote!(#zp::Variant::limited(#row, #rate))
        }
        None => row,
    };
    match &variant.batch {
        Some(batch) => {
            let plan = value(batch.known, BATCH, plan(zp, batch));
            quote!(#zp::Variant::batched(#row, #plan))
        }
        None => row,
    }
}

const BREAKER: &str = "BREAKER";
const LIMIT: &str = "LIMIT";
const BATCH: &str = "BATCH";

fn constant(name: &str, number: usize) -> Ident {
    format_ident!("__ZCTOR_{}_{}", name, number)
}

fn settings(zp: &TokenStream, breaker: &Breaker) -> TokenStream {
    let steps = tokens::each(&breaker.settings, |(name, value)| {
        let name = Ident::new(name, Span::call_site());
        let value = match value {
            Value::Number(tokens) => tokens.clone(),
            Value::Duration(length) => duration(zp, *length),
            Value::Path(path) => quote!(#path),
            Value::Word(word) => quote!(#word),
            Value::Field(field) => field.clone(),
        };
        quote!(.#name(#value))
    });
    quote!(#zp::BreakerSettings::new()#steps)
}

fn rate(zp: &TokenStream, limit: &Limit) -> TokenStream {
    let (count, per) = (&limit.count, duration(zp, limit.per));
    let burst = limit.burst.as_ref().map(|burst| quote!(.burst(#burst)));
    quote!(#zp::Rate::new(#count, #per)#burst)
}

fn plan(zp: &TokenStream, batch: &Batching) -> TokenStream {
    let (max, within) = (&batch.max, duration(zp, batch.within));
    quote!(#zp::BatchPlan::new(#max, #within))
}

/// What does not depend on parameters is a constant, which the compiler checks at its attribute.
pub(super) fn constants(actor: &Actor) -> TokenStream {
    let zp = &actor.names.private;
    let mut constants = TokenStream::new();
    for (number, variant) in actor.variants.iter().enumerate() {
        let mut add = |name: &str, ty: TokenStream, value: TokenStream, at: Span| {
            let (cfg, name, at) = (&variant.cfg, constant(name, number), ours(at));
            let found = Ident::new("__zctor_value", at);
            let check = quote!(if let #zp::Result::Err(__zctor_wrong) = #found.check() {
                #zp::panic!("{}", __zctor_wrong.text())
            });
            let check = at_once(check, at);
            constants
                .extend(quote!(#cfg const #name: #ty = { let #found = #value; #check #found };));
        };
        if let Some(breaker) = &variant.breaker
            && breaker.known
        {
            let (ty, value) = (quote!(#zp::BreakerSettings), settings(zp, breaker));
            add(BREAKER, ty, value, breaker.at);
        }
        if let Some(limit) = &variant.limit
            && limit.known
        {
            add(LIMIT, quote!(#zp::Rate), rate(zp, limit), limit.at);
        }
        if let Some(batch) = &variant.batch
            && batch.known
        {
            add(BATCH, quote!(#zp::BatchPlan), plan(zp, batch), batch.at);
        }
    }
    constants
}

/// The same tokens, all located at `at`, also those in groups: that is where the compiler points.
fn at_once(tokens: TokenStream, at: Span) -> TokenStream {
    tokens::changed(tokens, &mut |mut tree| {
        if let TokenTree::Group(group) = &tree {
            tree = tokens::regrouped(group, at_once(group.stream(), at));
        }
        tree.set_span(at);
        tree
    })
}

/// An ask that passes them first.
pub(super) fn guarded(actor: &Actor, variant: &Variant, ask: TokenStream) -> TokenStream {
    if variant.breaker.is_none() && variant.limit.is_none() {
        return ask;
    }
    let (zp, kind, ident) = (&actor.names.private, &actor.names.kind, &variant.ident);
    let waits = variant.limit.as_ref().is_some_and(|limit| limit.waits);
    let ignores = variant
        .breaker
        .as_ref()
        .and_then(|breaker| breaker.ignore.as_ref());
    let ignores = match ignores {
        Some(path) => quote!(#path),
        None => quote!(#zp::ignores_none),
    };
    quote!(#zp::guard(#ask, #kind::#ident, #waits, #ignores))
}
