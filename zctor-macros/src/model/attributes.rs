//! Attributes for generated items.

use std::ops::Deref;

use proc_macro2::TokenStream;
use quote::{ToTokens, TokenStreamExt};
use syn::Attribute;

/// Attributes that stand one behind the other.
#[derive(Clone, Default)]
pub(crate) struct Attributes(pub(crate) Vec<Attribute>);

impl Deref for Attributes {
    type Target = [Attribute];

    fn deref(&self) -> &[Attribute] {
        &self.0
    }
}

impl ToTokens for Attributes {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.0);
    }
}
