//! Names of the macro's own in generated bodies: no user's name can meet them.

use std::time::Duration;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Meta;

use crate::model::actor::{Actor, Field, Style, Variant};
use crate::model::names::{identifier, plain};
use crate::tokens;

/// The constant of an actor's trait that says whether the hook `ready` has to be asked.
pub(crate) fn holds() -> Ident {
    Ident::new("__ZCTOR_HOLDS", Span::call_site())
}

/// What the names of locals begin with.
pub(super) const PREFIX: &str = "__zctor_";

pub(super) fn local(name: &str) -> Ident {
    Ident::new(&format!("{PREFIX}{name}"), Span::mixed_site())
}

/// Functions of these names, for the scope in which the names are those of parameters: a parameter
/// may hide a function, but not a constant or a unit struct of the user's.
pub(super) fn hideable(names: &[Ident]) -> TokenStream {
    let mut sorted: Vec<String> = Vec::new();
    for name in names {
        let name = plain(name);
        if let Err(place) = sorted.binary_search(&name) {
            sorted.insert(place, name);
        }
    }
    tokens::each(&sorted, |name| {
        let name = identifier(name, Span::call_site())?;
        Some(quote!(fn #name() {} const _: fn() = #name;))
    })
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
pub(super) fn slots(fields: &[Field], binding: fn(&Field) -> &Ident) -> TokenStream {
    tokens::each(fields, |field| {
        let (cfg, slot, binding) = (&field.cfg, &field.slot, binding(field));
        quote!(#cfg #slot: #binding,)
    })
}

/// The fields as parameters, each followed by a comma.
pub(super) fn parameters(variant: &Variant) -> TokenStream {
    tokens::each(&variant.fields, |field| {
        let (cfg, parameter, ty) = (&field.cfg, &field.parameter, &field.ty);
        quote!(#cfg #parameter: #ty,)
    })
}

/// The variant, as documentation names it.
pub(super) fn link(actor: &Actor, variant: &Variant) -> String {
    format!("[`{}::{}`]", actor.names.text, variant.text)
}

/// What the user says of the fields, as a list of the parameters that stand for them.
pub(super) fn list(variant: &Variant) -> TokenStream {
    let mut begun = false;
    tokens::each(&variant.fields, |field| {
        let text = field.docs.as_ref()?;
        let item = format!("- `{}`: {text}", plain(&field.parameter));
        let gap = (!begun).then(|| quote!(#[doc = ""]));
        begun = true;
        Some(match condition(field) {
            Some(condition) => quote!(#gap #[cfg_attr(#condition, doc = #item)]),
            None => quote!(#gap #[doc = #item]),
        })
    })
}

/// The condition under which the field is there, if it has one.
pub(super) fn condition(field: &Field) -> Option<TokenStream> {
    let mut all = Vec::new();
    for attr in field.cfg.iter() {
        if let Meta::List(list) = &attr.meta {
            all.push(&list.tokens);
        }
    }
    (!all.is_empty()).then(|| quote!(all(#(#all),*)))
}

/// A duration as a constant.
pub(super) fn duration(zp: &TokenStream, duration: Duration) -> TokenStream {
    let (seconds, nanos) = (duration.as_secs(), duration.subsec_nanos());
    quote!(#zp::Duration::new(#seconds, #nanos))
}

/// A panic of a constant that is evaluated, which the compiler reports at `at`.
pub(super) fn panic_at(zp: &TokenStream, says: &str, at: Span) -> TokenStream {
    let path = tokens::at(quote!(#zp::panic!), at);
    let mut message = Group::new(Delimiter::Parenthesis, quote_spanned!(at=> #says));
    message.set_span(at);
    quote!(#path #message)
}

/// What the user says of the message, behind what we say of a method that is about it.
pub(super) fn docs(variant: &Variant) -> TokenStream {
    let docs = &variant.docs;
    match variant.documented {
        true => quote!(#[doc = ""] #docs),
        // It may be hidden.
        false => quote!(#docs),
    }
}

/// A section of what we say of a method.
pub(super) fn section(title: &str, text: &str) -> TokenStream {
    quote!(#[doc = ""] #[doc = #title] #[doc = ""] #[doc = #text])
}

/// Silence about uses of what the user has called deprecated.
pub(super) fn allow_deprecated(actor: &Actor) -> Option<TokenStream> {
    actor.deprecated.then(|| quote!(#[allow(deprecated)]))
}

/// Silence about a number of parameters that is the number of the user's fields.
pub(super) fn allow_many(variant: &Variant) -> Option<TokenStream> {
    (variant.fields.len() > 4).then(|| quote!(#[allow(clippy::too_many_arguments)]))
}

/// The enum's variant as a value, from bindings called like the slots.
pub(super) fn message(actor: &Actor, variant: &Variant) -> TokenStream {
    let (name, ident) = (&actor.names.actor, &variant.ident);
    let fields = tokens::with_commas(&variant.fields, |field| {
        let (cfg, slot) = (&field.cfg, &field.slot);
        match &field.ident {
            Some(ident) => quote!(#cfg #ident: #slot),
            None => quote!(#cfg #slot),
        }
    });
    match variant.style {
        Style::Unit => quote!(#name::#ident),
        Style::Tuple => quote!(#name::#ident(#fields)),
        Style::Struct => quote!(#name::#ident { #fields }),
    }
}
