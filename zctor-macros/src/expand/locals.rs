//! Names of the macro's own in generated bodies: no user's name can meet them.

use std::collections::BTreeSet;
use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::model::actor::{Actor, Field, Style, Variant};
use crate::model::names::{identifier, plain};

/// The constant of an actor's trait that says whether the hook `ready` has to be asked.
pub(crate) const HOLDS: &str = "__ZCTOR_HOLDS";

/// What the names of locals begin with.
pub(super) const PREFIX: &str = "__zctor_";

pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("{PREFIX}{name}"), Span::mixed_site())
}

/// Functions of these names, for the scope in which the names are those of parameters: a parameter
/// may hide a function, but not a constant or a unit struct of the user's.
pub(super) fn hideable<'a>(names: impl IntoIterator<Item = &'a Ident>) -> TokenStream {
    let names: BTreeSet<String> = names.into_iter().map(plain).collect();
    names
        .into_iter()
        .filter_map(|name| identifier(&name, Span::call_site()))
        .map(|name| quote!(fn #name() {} const _: fn() = #name;))
        .collect()
}

/// The variant that keeps the parameters of a supervisor without messages in use.
pub(crate) const GENERICS: &str = "__ZctorGenerics";

/// Its arm, in a match on an enum that has it.
pub(super) fn nothing(actor: &Actor, of: &TokenStream) -> Option<TokenStream> {
    actor.phantom.as_ref()?;
    let variant = Ident::new(GENERICS, Span::call_site());
    Some(quote!(#of::#variant(..) => loop {},))
}

/// The fields as `name: binding`, for a pattern or a value of the envelope.
pub(super) fn slots(fields: &[Field], binding: impl Fn(&Field) -> Ident) -> TokenStream {
    fields
        .iter()
        .map(|field| {
            let (cfg, slot, binding) = (&field.cfg, &field.slot, binding(field));
            quote!(#(#cfg)* #slot: #binding,)
        })
        .collect()
}

/// The fields as parameters, each followed by a comma.
pub(super) fn parameters(variant: &Variant) -> TokenStream {
    variant
        .fields
        .iter()
        .map(|field| {
            let (cfg, parameter, ty) = (&field.cfg, &field.parameter, &field.ty);
            quote!(#(#cfg)* #parameter: #ty,)
        })
        .collect()
}

/// The variant, as documentation names it.
pub(super) fn link(actor: &Actor, variant: &Variant) -> String {
    format!("[`{}::{}`]", actor.names.text, variant.text)
}

/// What the user says of the fields, as a list of the parameters that stand for them.
pub(super) fn list(variant: &Variant) -> TokenStream {
    let mut begun = false;
    let documented = variant.fields.iter().filter_map(|field| {
        let text = field.docs.as_ref()?;
        let item = format!("- `{}`: {text}", plain(&field.parameter));
        let gap = (!begun).then(|| quote!(#[doc = ""]));
        begun = true;
        Some(match condition(field) {
            Some(condition) => quote!(#gap #[cfg_attr(#condition, doc = #item)]),
            None => quote!(#gap #[doc = #item]),
        })
    });
    documented.collect()
}

/// The condition under which the field is there, if it has one.
pub(super) fn condition(field: &Field) -> Option<TokenStream> {
    let all: Vec<TokenStream> = field
        .cfg
        .iter()
        .filter_map(|attr| attr.meta.require_list().ok())
        .map(|list| list.tokens.clone())
        .collect();
    (!all.is_empty()).then(|| quote!(all(#(#all),*)))
}

/// A duration as a constant.
pub(super) fn duration(zp: &TokenStream, duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(#zp::Duration::new(#seconds, #nanos))
}

/// What the user says of the message, behind what we say of a method that is about it.
pub(super) fn docs(variant: &Variant) -> Option<TokenStream> {
    let docs = &variant.docs;
    match variant.documented {
        true => Some(quote!(#[doc = ""] #(#docs)*)),
        // It may be hidden.
        false => (!docs.is_empty()).then(|| quote!(#(#docs)*)),
    }
}

/// Silence about a number of parameters that is the number of the user's fields.
pub(super) fn allow_many(variant: &Variant) -> Option<TokenStream> {
    (variant.fields.len() > 4).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// The enum's variant as a value, from bindings called like the slots.
pub(super) fn message(actor: &Actor, variant: &Variant) -> TokenStream {
    let (name, ident) = (&actor.names.actor, &variant.ident);
    let fields = variant.fields.iter().map(|field| {
        let (cfg, slot) = (&field.cfg, &field.slot);
        match &field.ident {
            Some(ident) => quote!(#(#cfg)* #ident: #slot),
            None => quote!(#(#cfg)* #slot),
        }
    });
    match variant.style {
        Style::Unit => quote!(#name::#ident),
        Style::Tuple => quote!(#name::#ident(#(#fields),*)),
        Style::Struct => quote!(#name::#ident { #(#fields),* }),
    }
}
