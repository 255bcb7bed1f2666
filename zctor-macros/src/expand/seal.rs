//! From a message to its envelope.

use proc_macro2::TokenStream;
use quote::quote;

use super::envelope::port;
use super::locals::{condition, local, slots};
use crate::model::actor::{Actor, Field, Style, Variant};

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
    let slots = slots(&variant.fields, |field| field.slot.clone());
    let sealed = quote!(#envelope::#ident { #slots #port });
    match variant.style {
        Style::Unit => quote!(#(#cfg)* #name::#ident => #sealed,),
        Style::Struct => {
            let fields = variant.fields.iter().map(|field| {
                let (cfg, ident, slot) = (&field.cfg, &field.ident, &field.slot);
                quote!(#(#cfg)* #ident: #slot)
            });
            quote!(#(#cfg)* #name::#ident { #(#fields),* } => #sealed,)
        }
        Style::Tuple => combinations(&variant.fields)
            .into_iter()
            .map(|(condition, fields)| {
                let slots = fields.into_iter().map(|field| &field.slot);
                quote!(#(#cfg)* #condition #name::#ident(#(#slots),*) => #sealed,)
            })
            .collect(),
    }
}

/// Each selection of the conditional fields, with its condition and the fields that are left.
pub(super) fn combinations(fields: &[Field]) -> Vec<(TokenStream, Vec<&Field>)> {
    let mut all: Vec<(Vec<TokenStream>, Vec<&Field>)> = vec![(Vec::new(), Vec::new())];
    for field in fields {
        let Some(condition) = condition(field) else {
            all.iter_mut().for_each(|(_, left)| left.push(field));
            continue;
        };
        let mut without = all.clone();
        without
            .iter_mut()
            .for_each(|(conditions, _)| conditions.push(quote!(not(#condition))));
        for (conditions, left) in &mut all {
            conditions.push(condition.clone());
            left.push(field);
        }
        all.extend(without);
    }
    let whole = |conditions: Vec<TokenStream>| {
        if conditions.is_empty() {
            TokenStream::new()
        } else {
            quote!(#[cfg(all(#(#conditions),*))])
        }
    };
    all.into_iter()
        .map(|(conditions, left)| (whole(conditions), left))
        .collect()
}
