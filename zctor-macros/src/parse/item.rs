//! The item under `#[actor]`: an enum, or a mistake.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Meta, Token, punctuated::Punctuated};

use super::marks::{self, marks};
use super::unfinished;
use super::value::compact;
use crate::diag::Report;
use crate::model::declared::{Declaration, Options};
use crate::syntax::{self, ItemEnum, Kind};
use crate::wording::{item as say, marks as words, shared};

/// The enum, or `None` after a report of what stands there instead.
///
/// `attribute` is what stands on it: `actor` or `supervisor`.
pub(crate) fn item(attribute: &str, tokens: TokenStream, report: &mut Report) -> Option<ItemEnum> {
    let (at, what, name) = match syntax::kind(&tokens) {
        Kind::Enum(_) => return read(tokens, report),
        Kind::Impl(at) => {
            report.at(at, say::actor_on_impl(attribute));
            return None;
        }
        Kind::Struct(at, name) => (at, "a struct", name),
        Kind::Union(at, name) => (at, "a union", name),
        Kind::Fn(at) => (at, "a function", None),
        Kind::Trait(at) => (at, "a trait", None),
        Kind::Mod(at) => (at, "a module", None),
        Kind::Other => {
            report.on(tokens, say::not_an_enum(attribute, "this item", None));
            return None;
        }
    };
    report.at(at, say::not_an_enum(attribute, what, name.as_ref()));
    None
}

/// What of the enum can be read.
fn read(tokens: TokenStream, report: &mut Report) -> Option<ItemEnum> {
    let error = match syn::parse2(tokens.clone()) {
        Ok(item) => return Some(item),
        Err(error) => error,
    };
    let read = unfinished::of_enum(&tokens);
    // A comma that is missing the compiler has reported, and nothing comes of it.
    if read.as_ref().is_none_or(|read| !read.whole) {
        report.syntax(error);
    }
    let read = read?;
    for mistake in read.mistakes {
        report.syntax(mistake);
    }
    Some(read.item)
}

/// Whether `#[supervisor]` stands below `#[actor]`, which is reported: that one makes the actor.
pub(crate) fn is_supervisor(item: &ItemEnum, report: &mut Report) -> bool {
    let supervisor = item.attrs.iter().find(|attr| {
        let last = attr.path().segments.last();
        last.is_some_and(|last| last.ident == "supervisor")
    });
    if let Some(attr) = supervisor {
        report.at(attr.path().span(), say::twice("actor", "supervisor"));
    }
    supervisor.is_some()
}

/// Reads the enum's attributes, and takes those out that are ours.
pub(crate) fn declaration(
    attribute: &str,
    mut item: ItemEnum,
    options: Options,
    report: &mut Report,
) -> Declaration {
    item.attrs
        .retain(|attr| !misplaced_on_enum(attr, attribute, report));
    let mut all = Vec::new();
    for variant in &mut item.variants {
        let mut marks = marks(&mut variant.attrs, report);
        variant
            .attrs
            .retain(|attr| match conditional(attr, report) {
                Some((name, meant)) => {
                    marks::guess(&meant, Some(&name), &mut marks, report);
                    false
                }
                None => true,
            });
        all.push(marks);
        for field in &mut variant.fields {
            field.attrs.retain(|attr| {
                !misplaced_on_field(attr, report) && conditional(attr, report).is_none()
            });
        }
    }
    Declaration {
        options,
        item,
        marks: all,
    }
}

/// Whether the attribute is ours, and so in the wrong place on an enum.
fn misplaced_on_enum(attr: &Attribute, attribute: &str, report: &mut Report) -> bool {
    let Some(last) = attr.path().segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    if matches!(name.as_str(), "actor" | "supervisor")
        && (attr.path().segments.len() == 1
            || attr
                .path()
                .segments
                .first()
                .is_some_and(|first| first.ident == "zctor"))
    {
        report.at(attr.path().span(), say::twice(attribute, &name));
        return true;
    }
    if attr.path().segments.len() > 1 {
        return false;
    }
    if words::MARKS.contains(&name.as_str()) {
        report.at(attr.path().span(), say::mark_on_enum(&name));
        return true;
    }
    if crate::wording::options::OPTIONS.contains(&name.as_str()) {
        let value = match &attr.meta {
            Meta::Path(_) => "…".to_owned(),
            Meta::List(list) => compact(&list.tokens),
            Meta::NameValue(pair) => compact(&pair.value.to_token_stream()),
        };
        report.at(attr.path().span(), say::option_as_attribute(&name, &value));
        return true;
    }
    conditional(attr, report).is_some()
}

fn misplaced_on_field(attr: &Attribute, report: &mut Report) -> bool {
    let ours = attr
        .path()
        .get_ident()
        .map(|name| name.to_string())
        .filter(|name| words::MARKS.contains(&name.as_str()));
    match ours {
        Some(name) => {
            report.at(attr.path().span(), say::mark_on_field(&name));
            true
        }
        None => false,
    }
}

/// The attribute of ours that stands in a `cfg_attr`, which no macro ever sees expanded; reported.
fn conditional(attr: &Attribute, report: &mut Report) -> Option<(String, Attribute)> {
    if !attr.path().is_ident("cfg_attr") {
        return None;
    }
    let parts = attr
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    parts.into_iter().skip(1).find_map(|meta| {
        let at = meta.path().get_ident()?;
        let name = at.to_string();
        if !words::MARKS.contains(&name.as_str()) {
            return None;
        }
        report.at(at.span(), shared::in_cfg_attr(&name));
        let mut attr = attr.clone();
        attr.meta = meta;
        Some((name, attr))
    })
}
