//! From a message to its envelope.

use proc_macro2::TokenStream;
use quote::quote;

use super::envelope::port;
use super::locals::{condition, local, slots};
use crate::model::actor::{Actor, Field, Style, Variant};
use crate::tokens;

/// The arms that take a message apart. Patterns of tuples take no `cfg`, so those with conditional
/// fields have an arm for each combination.
pub(super) fn seal(actor: &Actor, variant: &Variant) -> TokenStream {
    let (zp, name, envelope) = (
        &actor.names.private,
        &actor.names.actor,
        &actor.names.envelope,
    );
    let (cfg, ident) = (&variant.cfg, &variant.ident);
    let port = port(actor, variant).map(|ty| {
        let (port, ports) = (local("port"), local("ports"));
        quote!(#port: (&&#zp::PortBy::<#ty>::new()).zctor_make(#ports),)
    });
    let slots = slots(&variant.fields, |field| &field.slot);
    let sealed = quote!(#envelope::#ident { #slots #port });
    match variant.style {
        Style::Unit => quote!(#cfg #name::#ident => #sealed,),
        Style::Struct => {
            let fields = tokens::with_commas(&variant.fields, |field| {
                let (cfg, ident, slot) = (&field.cfg, &field.ident, &field.slot);
                quote!(#cfg #ident: #slot)
            });
            quote!(#cfg #name::#ident { #fields } => #sealed,)
        }
        Style::Tuple => tokens::each(&combinations(&variant.fields), |(condition, fields)| {
            let slots = tokens::with_commas(fields, |field| &field.slot);
            quote!(#cfg #condition #name::#ident(#slots) => #sealed,)
        }),
    }
}

/// Each selection of the conditional fields, with its condition and the fields that are left.
pub(super) fn combinations(fields: &[Field]) -> Vec<(TokenStream, Vec<&Field>)> {
    let mut all: Vec<(TokenStream, Vec<&Field>)> = vec![(TokenStream::new(), Vec::new())];
    for field in fields {
        let Some(condition) = condition(field) else {
            for (_, left) in &mut all {
                left.push(field);
            }
            continue;
        };
        let mut without = all.clone();
        for (conditions, _) in &mut without {
            and(conditions, quote!(not(#condition)));
        }
        for (conditions, left) in &mut all {
            and(conditions, condition.clone());
            left.push(field);
        }
        all.append(&mut without);
    }
    for (conditions, _) in &mut all {
        if !conditions.is_empty() {
            *conditions = quote!(#[cfg(all(#conditions))]);
        }
    }
    all
}

/// Adds a condition to others.
fn and(conditions: &mut TokenStream, more: TokenStream) {
    if !conditions.is_empty() {
        conditions.extend(quote!(,));
    }
    conditions.extend(more);
}
