//! The arguments of `#[handlers]`, and the impl under it.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::Type;
use syn::spanned::Spanned;

use super::model::Arguments;
use crate::diag::Report;
use crate::parse::list::{Entry, Form, entries, twice};
use crate::parse::value::{self, compact};
use crate::syntax::{self, ItemImpl, Kind};
use crate::wording::handlers as say;

/// The actor's enum, and `crate = path`.
pub(crate) fn arguments(tokens: TokenStream, report: &mut Report) -> Arguments {
    let mut arguments = Arguments::default();
    for entry in entries(tokens) {
        argument(&entry, &mut arguments, report);
    }
    arguments
}

fn argument(entry: &Entry, arguments: &mut Arguments, report: &mut Report) {
    let at = entry
        .key
        .as_ref()
        .map_or_else(|| entry.tokens.span(), |key| key.span());
    let name = entry
        .key
        .as_ref()
        .map(|key| key.to_string())
        .unwrap_or_default();
    if name == "crate" && matches!(entry.form, Form::Value(_) | Form::Missing | Form::Word) {
        if let Some((first, _)) = arguments.root {
            return twice(first, at, "crate", report);
        }
        let path = match &entry.form {
            Form::Value(tokens) => value::path(tokens, report),
            _ => {
                report.at(at, say::root_without_path());
                None
            }
        };
        arguments.root = Some((at, path));
        return;
    }
    let protocol = match entry.form {
        Form::Word | Form::Other => match syn::parse2::<Type>(entry.tokens.clone()) {
            Ok(ty @ Type::Path(_)) => Some(ty),
            _ => None,
        },
        _ => None,
    };
    match (protocol, &arguments.protocol) {
        (Some(_), Some(_)) => report.on(&entry.tokens, say::protocol_twice()),
        (Some(protocol), None) => arguments.protocol = Some((at, Some(protocol))),
        (None, given) => {
            let value = match &entry.form {
                Form::Value(tokens) | Form::List(tokens) => Some(compact(tokens)),
                _ => None,
            };
            let text = if name.is_empty() {
                compact(&entry.tokens)
            } else {
                name.clone()
            };
            match &entry.key {
                Some(key) => report.at(
                    key.span(),
                    say::unknown_argument(&text, &name, value.as_deref()),
                ),
                None => report.on(&entry.tokens, say::unknown_argument(&text, &name, None)),
            }
            if given.is_none() && say::names_the_protocol(&name) {
                arguments.protocol = value
                    .and_then(|text| syn::parse_str(&text).ok())
                    .map(|ty| (at, Some(ty)));
            }
        }
    }
}

/// The impl of a trait; or `None` after a report of what stands there instead.
pub(crate) fn item(tokens: TokenStream, report: &mut Report) -> Option<ItemImpl> {
    let (at, what) = match syntax::kind(&tokens) {
        Kind::Impl(_) => return read(tokens, report),
        Kind::Trait(at) => (at, "the trait itself"),
        Kind::Enum(at) => (at, "an enum"),
        Kind::Struct(at, _) => (at, "a struct"),
        Kind::Fn(at) => (at, "a function"),
        Kind::Mod(_) | Kind::Union(..) | Kind::Other => {
            report.on(tokens, say::not_an_impl("this item"));
            return None;
        }
    };
    report.at(at, say::not_an_impl(what));
    None
}

fn read(tokens: TokenStream, report: &mut Report) -> Option<ItemImpl> {
    let item: ItemImpl = match syn::parse2(tokens) {
        Ok(item) => item,
        Err(error) => {
            report.syntax(error);
            return None;
        }
    };
    if item.trait_.is_none() {
        let state = compact(&item.self_ty.to_token_stream());
        report.at(item.impl_token.span, say::inherent_impl(&state));
        return None;
    }
    let mut unread = item.unread.iter();
    if let Some(one) = unread.find(|one| !super::unread::is_a_handler(&one.tokens)) {
        report.syntax(one.why.clone());
    }
    Some(item)
}
