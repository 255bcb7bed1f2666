//! The one value of an attribute: `#[timeout("5s")]`.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Meta};

use super::list::ungrouped;
use super::value::compact;
use crate::diag::Report;
use crate::wording::marks as say;

/// What stands in the parentheses of an attribute that wants one value.
pub(super) fn argument(attr: &Attribute, paste: &str, report: &mut Report) -> Option<TokenStream> {
    let name = attr.path().to_token_stream().to_string();
    match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => Some(ungrouped(list.tokens.clone())),
        Meta::List(_) | Meta::Path(_) => {
            report.at(attr.path().span(), say::missing_argument(&name, paste));
            None
        }
        Meta::NameValue(pair) => {
            report.on(
                &pair.value,
                say::argument_with_equals(&name, &compact(&pair.value.to_token_stream())),
            );
            None
        }
    }
}
