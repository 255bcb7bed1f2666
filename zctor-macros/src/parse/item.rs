//! The item under `#[actor]`: an enum, or a mistake.

use proc_macro2::TokenStream;
use syn::spanned::Spanned;
use syn::{Attribute, Item, ItemEnum, Meta, Token, punctuated::Punctuated};

use super::marks::marks;
use crate::diag::Report;
use crate::model::declared::{Declaration, Options};
use crate::wording::{item as say, marks as words, shared};

/// The enum, or `None` after a report of what stands there instead.
pub(crate) fn item(tokens: TokenStream, report: &mut Report) -> Option<ItemEnum> {
    match syn::parse2::<Item>(tokens) {
        Ok(Item::Enum(item)) => return Some(item),
        Ok(Item::Struct(item)) => report.at(
            item.struct_token.span,
            say::not_an_enum("a struct", Some(&item.ident)),
        ),
        Ok(Item::Union(item)) => report.at(
            item.union_token.span,
            say::not_an_enum("a union", Some(&item.ident)),
        ),
        Ok(Item::Fn(item)) => {
            report.at(item.sig.fn_token.span, say::not_an_enum("a function", None))
        }
        Ok(Item::Trait(item)) => {
            report.at(item.trait_token.span, say::not_an_enum("a trait", None))
        }
        Ok(Item::Impl(item)) => report.at(item.impl_token.span, say::actor_on_impl()),
        Ok(other) => report.on(other, say::not_an_enum("this item", None)),
        Err(error) => report.syntax(error),
    }
    None
}

/// Reads the enum's attributes, and takes those out that are ours.
pub(crate) fn declaration(
    mut item: ItemEnum,
    options: Options,
    report: &mut Report,
) -> Declaration {
    item.attrs.retain(|attr| !misplaced_on_enum(attr, report));
    let mut all = Vec::new();
    for variant in &mut item.variants {
        all.push(marks(&mut variant.attrs, report));
        variant.attrs.retain(|attr| !conditional(attr, report));
        for field in &mut variant.fields {
            field
                .attrs
                .retain(|attr| !misplaced_on_field(attr, report) && !conditional(attr, report));
        }
    }
    Declaration {
        options,
        item,
        marks: all,
    }
}

/// Whether the attribute is ours, and so in the wrong place on an enum.
fn misplaced_on_enum(attr: &Attribute, report: &mut Report) -> bool {
    let Some(last) = attr.path().segments.last() else {
        return false;
    };
    let name = last.ident.to_string();
    if name == "actor"
        && (attr.path().segments.len() == 1
            || attr
                .path()
                .segments
                .first()
                .is_some_and(|first| first.ident == "zctor"))
    {
        report.at(attr.path().span(), say::actor_twice());
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
        report.at(attr.path().span(), say::option_as_attribute(&name));
        return true;
    }
    conditional(attr, report)
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

/// Whether the attribute is a `cfg_attr` with one of ours in it, which no macro ever sees expanded.
fn conditional(attr: &Attribute, report: &mut Report) -> bool {
    if !attr.path().is_ident("cfg_attr") {
        return false;
    }
    let Ok(parts) = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated) else {
        return false;
    };
    let ours = parts.iter().skip(1).find_map(|part| {
        let name = part.path().get_ident()?;
        words::MARKS
            .contains(&name.to_string().as_str())
            .then_some(name)
    });
    match ours {
        Some(name) => {
            report.at(name.span(), shared::in_cfg_attr(&name.to_string()));
            true
        }
        None => false,
    }
}
