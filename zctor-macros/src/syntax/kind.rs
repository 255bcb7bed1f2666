//! Which kind of item it is.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// The kind, with the place of the keyword.
pub(crate) enum Kind {
    Enum(Span),
    Fn(Span),
    Impl(Span),
    Mod(Span),
    Struct(Span, Option<Ident>),
    Trait(Span),
    Union(Span, Option<Ident>),
    Other,
}

pub(crate) fn kind(tokens: &TokenStream) -> Kind {
    let mut trees = tokens.clone().into_iter().peekable();
    while let Some(tree) = trees.next() {
        let word = match tree {
            TokenTree::Ident(word) => word,
            // What a macro has been given may be in a group that is not seen.
            TokenTree::Group(group) if group.delimiter() == Delimiter::None => {
                match kind(&group.stream()) {
                    Kind::Other => continue,
                    found => return found,
                }
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => break,
            // Attributes, the place behind a `pub`, and the name of an ABI.
            _ => continue,
        };
        let at = word.span();
        let mut name = || match trees.peek() {
            Some(TokenTree::Ident(name)) => Some(name.clone()),
            _ => None,
        };
        match word.to_string().as_str() {
            "enum" => return Kind::Enum(at),
            "fn" => return Kind::Fn(at),
            "impl" => return Kind::Impl(at),
            "mod" => return Kind::Mod(at),
            "struct" => return Kind::Struct(at, name()),
            "trait" => return Kind::Trait(at),
            "union" if name().is_some() => return Kind::Union(at, name()),
            "pub" | "default" | "unsafe" | "safe" | "async" | "const" | "auto" | "extern" => {}
            _ => break,
        }
    }
    Kind::Other
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_stands_before_the_keyword_is_passed_over() {
        let fn_of = |tokens| matches!(kind(&tokens), Kind::Fn(_));
        assert!(fn_of(quote!(
            #[doc = "impl"]
            pub(crate) const unsafe extern "C" fn f() {}
        )));
        assert!(!fn_of(quote!(
            const F: fn() = f;
        )));
        assert!(!fn_of(quote!(
            extern "C" {
                fn f();
            }
        )));
        assert!(!fn_of(quote!(union! { fn f() {} })));
    }

    #[test]
    fn items_without_a_name_in_their_head_have_one_behind_it() {
        let named = |tokens| match kind(&tokens) {
            Kind::Struct(_, name) | Kind::Union(_, name) => name.map(|name| name.to_string()),
            _ => None,
        };
        assert_eq!(
            named(quote!(
                pub struct S;
            ))
            .as_deref(),
            Some("S")
        );
        assert_eq!(named(quote!(union U { a: u8 })).as_deref(), Some("U"));
        assert_eq!(
            named(quote!(
                enum E {}
            )),
            None
        );
    }
}
