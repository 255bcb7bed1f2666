//! The attributes of others that generated items carry too.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Expr, ItemEnum, Lit, Meta, Visibility, parse_quote};

use crate::model::names::ours;

/// The conditions under which something exists.
pub(super) fn cfg(attrs: &[Attribute]) -> Vec<Attribute> {
    named(attrs, "cfg")
}

/// All attributes of that name.
pub(super) fn named(attrs: &[Attribute], name: &str) -> Vec<Attribute> {
    attrs
        .iter()
        .filter(|attr| attr.path().is_ident(name))
        .cloned()
        .collect()
}

/// Whether anything in the enum is deprecated.
pub(super) fn any_deprecated(item: &ItemEnum) -> bool {
    let variants = item.variants.iter().flat_map(|variant| &variant.attrs);
    item.attrs
        .iter()
        .chain(variants)
        .any(|attr| attr.path().is_ident("deprecated"))
}

pub(super) struct Documentation {
    pub(super) attrs: Vec<Attribute>,
    pub(super) says_something: bool,
}

/// The documentation, with links to `Self` made links to the actor.
pub(super) fn documentation(attrs: &[Attribute], actor: &TokenStream) -> Documentation {
    let mut attrs = named(attrs, "doc");
    let mut says_something = false;
    for attr in &mut attrs {
        let Meta::NameValue(pair) = &mut attr.meta else {
            continue;
        };
        says_something = true;
        if let Expr::Lit(literal) = &mut pair.value
            && let Lit::Str(text) = &literal.lit
            && text.value().contains("Self")
        {
            let moved = elsewhere(&text.value(), actor);
            let moved = syn::LitStr::new(&moved, text.span());
            literal.lit = Lit::Str(moved);
        }
    }
    Documentation {
        attrs,
        says_something,
    }
}

/// The documentation of a field, as an item of a list.
pub(super) fn listed(attrs: &[Attribute], actor: &TokenStream) -> Option<String> {
    let mut lines = Vec::new();
    for attr in named(attrs, "doc") {
        if let Meta::NameValue(pair) = &attr.meta
            && let Expr::Lit(literal) = &pair.value
            && let Lit::Str(text) = &literal.lit
        {
            let text = text.value();
            lines.extend(text.split('\n').map(|line| line.trim_end().to_owned()));
        }
    }
    // One space stands between the slashes and the text.
    let text = lines
        .iter()
        .map(|line| line.strip_prefix(' ').unwrap_or(line));
    let text = text.collect::<Vec<_>>().join("\n  ");
    let text = text.trim();
    (!text.is_empty()).then(|| elsewhere(text, actor))
}

/// Documentation as it reads on another item.
fn elsewhere(text: &str, actor: &TokenStream) -> String {
    let name = match actor.clone().into_iter().next() {
        Some(TokenTree::Ident(name)) => name.to_string(),
        _ => return text.to_owned(),
    };
    let mut text = text.to_owned();
    for opening in ["[", "[`", "(", "(`"] {
        for ending in ["::", "]", "`]", ")"] {
            text = text.replace(
                &format!("{opening}Self{ending}"),
                &format!("{opening}{name}{ending}"),
            );
        }
    }
    text
}

/// The visibility, at spans of our own: lints about it are about the enum's.
pub(super) fn visibility(vis: &Visibility) -> Visibility {
    let tokens: TokenStream = vis
        .to_token_stream()
        .into_iter()
        .map(|mut tree| {
            if matches!(vis, Visibility::Public(_)) {
                tree.set_span(ours(tree.span()));
            }
            tree
        })
        .collect();
    parse_quote!(#tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn fields_are_listed_with_all_their_lines() {
        let field: syn::Field = parse_quote! {
            /// How much: see [`Self::Get`].
            ///
            /// In cents.
            #[allow(unused)]
            amount: i64
        };
        assert_eq!(
            listed(&field.attrs, &quote!(Counter)).as_deref(),
            Some("How much: see [`Counter::Get`].\n  \n  In cents.")
        );
        assert_eq!(listed(&[], &quote!(Counter)), None);
    }

    #[test]
    fn links_to_self_follow_the_documentation() {
        let text = elsewhere(
            "like [`Self::Add`], [Self] and [it](Self::Get)",
            &quote!(Counter<T>),
        );
        assert_eq!(
            text,
            "like [`Counter::Add`], [Counter] and [it](Counter::Get)"
        );
    }
}
