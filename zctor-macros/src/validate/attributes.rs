//! The attributes of others that generated items carry too.

use proc_macro2::{Literal, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Expr, Lit, Meta, Visibility, parse_quote};

use crate::model::attributes::Attributes;
use crate::model::names::ours;
use crate::parse::list::{Form, entries};
use crate::syntax::ItemEnum;
use crate::tokens;

/// The conditions under which something exists, as `cfg` states them.
pub(super) fn cfg(attrs: &[Attribute]) -> Attributes {
    let mut all = named(attrs, "cfg");
    for attr in &mut all.0 {
        if attr.path().is_ident("cfg_attr")
            && let Meta::List(list) = &attr.meta
            && let Some(condition) = implied(list.tokens.clone())
        {
            *attr = parse_quote!(#[cfg(#condition)]);
        }
    }
    all
}

/// Of `cfg_attr(a, cfg(b))` the condition that it comes to: where `a` holds, `b` does.
fn implied(tokens: TokenStream) -> Option<TokenStream> {
    let mut entries = entries(tokens).into_iter();
    let when = entries.next()?.tokens;
    let mut then = Vec::new();
    for entry in entries {
        match (entry.key, entry.form) {
            (Some(key), Form::List(tokens)) if key == "cfg" => then.push(tokens),
            (Some(key), Form::List(tokens)) if key == "cfg_attr" => then.extend(implied(tokens)),
            _ => {}
        }
    }
    Some(quote!(any(not(#when), all(#(#then),*))))
}

/// All attributes of that name, also those that are there under a condition.
pub(super) fn named(attrs: &[Attribute], name: &str) -> Attributes {
    let mut all = Vec::new();
    for attr in attrs {
        if attr.path().is_ident(name) {
            all.push(attr.clone());
        } else if attr.path().is_ident("cfg_attr")
            && let Meta::List(list) = &attr.meta
            && let Some(only) = only(list.tokens.clone(), name)
        {
            let mut attr = attr.clone();
            attr.meta = parse_quote!(cfg_attr(#only));
            all.push(attr);
        }
    }
    Attributes(all)
}

/// Of what is in a `cfg_attr` the attributes of that name, if there are any.
fn only(tokens: TokenStream, name: &str) -> Option<TokenStream> {
    let mut entries = entries(tokens).into_iter();
    let when = entries.next()?.tokens;
    let mut of_that_name = Vec::new();
    for entry in entries {
        match (entry.key, entry.form) {
            (Some(key), _) if key == name => of_that_name.push(entry.tokens),
            (Some(key), Form::List(tokens)) if key == "cfg_attr" => {
                if let Some(inner) = only(tokens, name) {
                    of_that_name.push(quote!(#key(#inner)));
                }
            }
            _ => {}
        }
    }
    (!of_that_name.is_empty()).then(|| quote!(#when, #(#of_that_name),*))
}

/// Whether anything in the enum is deprecated.
pub(super) fn any_deprecated(item: &ItemEnum) -> bool {
    let deprecated = |attrs: &[Attribute]| !named(attrs, "deprecated").is_empty();
    deprecated(&item.attrs)
        || item.variants.iter().any(|variant| {
            let mut fields = variant.fields.iter();
            deprecated(&variant.attrs) || fields.any(|field| deprecated(&field.attrs))
        })
}

pub(super) struct Documentation {
    pub(super) attrs: Attributes,
    pub(super) says_something: bool,
}

/// The documentation, with links to `Self` made links to the actor.
pub(super) fn documentation(attrs: &[Attribute], actor: &TokenStream) -> Documentation {
    let mut attrs = named(attrs, "doc");
    let mut says_something = false;
    for attr in &mut attrs.0 {
        let pair = match &mut attr.meta {
            Meta::NameValue(pair) => pair,
            // Where it says nothing of a variant, it says nothing of what mirrors it.
            Meta::List(list) if list.path.is_ident("cfg_attr") => {
                says_something |= list.tokens.to_string().contains('=');
                list.tokens = texts_elsewhere(std::mem::take(&mut list.tokens), actor);
                continue;
            }
            _ => continue,
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
    let mut text = String::new();
    for attr in named(attrs, "doc").iter() {
        if let Meta::NameValue(pair) = &attr.meta
            && let Expr::Lit(literal) = &pair.value
            && let Lit::Str(lines) = &literal.lit
        {
            for line in lines.value().split('\n') {
                // One space stands between the slashes and the text.
                let line = line.strip_prefix(' ').unwrap_or(line);
                text.push_str("\n  ");
                text.push_str(line.trim_end());
            }
        }
    }
    let text = text.trim();
    // A fence begins on a line of its own.
    let begun = ["```", "~~~"].iter().any(|fence| text.starts_with(fence));
    let lead = if begun { "\n\n  " } else { "" };
    (!text.is_empty()).then(|| format!("{lead}{}", elsewhere(text, actor)))
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
            let own = format!("{opening}Self{ending}");
            text = text.replace(own.as_str(), &format!("{opening}{name}{ending}"));
        }
    }
    text
}

/// The same of all texts in these tokens.
fn texts_elsewhere(tokens: TokenStream, actor: &TokenStream) -> TokenStream {
    tokens::changed(tokens, &mut |tree| match tree {
        TokenTree::Literal(literal) => match Lit::new(literal.clone()) {
            Lit::Str(text) if text.value().contains("Self") => {
                let mut moved = Literal::string(&elsewhere(&text.value(), actor));
                moved.set_span(literal.span());
                TokenTree::Literal(moved)
            }
            _ => TokenTree::Literal(literal),
        },
        TokenTree::Group(group) => {
            tokens::regrouped(&group, texts_elsewhere(group.stream(), actor))
        }
        other => other,
    })
}

/// The visibility, at spans of our own: lints about it are about the enum's.
pub(super) fn visibility(vis: &Visibility) -> Visibility {
    let mut vis = vis.clone();
    if let Visibility::Public(public) = &mut vis {
        public.span = ours(public.span);
    }
    vis
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(attrs: &[Attribute]) -> String {
        tokens::all(attrs).to_string()
    }

    #[test]
    fn attributes_under_a_condition_are_mirrored_alone() {
        let variant: syn::Variant = parse_quote! {
            #[cfg_attr(a, allow(unused), deprecated(note = "x"), doc = "see [`Self::Get`]")]
            #[cfg_attr(b, cfg_attr(c, cfg(d)), cfg(e))]
            Old
        };
        let expected = quote!(#[cfg_attr(a, deprecated(note = "x"))]).to_string();
        assert_eq!(text(&named(&variant.attrs, "deprecated")), expected);
        let expected = quote!(#[cfg(any(not(b), all(any(not(c), all(d)), e)))]).to_string();
        assert_eq!(text(&cfg(&variant.attrs)), expected);
        let docs = documentation(&variant.attrs, &quote!(Counter));
        let expected = quote!(#[cfg_attr(a, doc = "see [`Counter::Get`]")]).to_string();
        assert_eq!(text(&docs.attrs), expected);
        assert!(docs.says_something);
    }

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
        let field: syn::Field = parse_quote! {
            /// ```
            /// 1 + 1
            /// ```
            amount: i64
        };
        assert_eq!(
            listed(&field.attrs, &quote!(Counter)).as_deref(),
            Some("\n\n  ```\n  1 + 1\n  ```")
        );
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
