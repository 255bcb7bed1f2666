//! Names: from variants to methods.

use proc_macro2::{Ident, Span};

use crate::editor::presence;

/// The snake case of a name in camel case: `HTTPGet` is `http_get`, `GetV2` is `get_v2`.
pub(crate) fn snake_case(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    let mut letters = name.chars().peekable();
    let mut before: Option<char> = None;
    while let Some(letter) = letters.next() {
        if letter.is_uppercase() {
            let starts_a_word = match before {
                None | Some('_') => false,
                Some(b) if b.is_uppercase() => {
                    letters.peek().is_some_and(|next| next.is_lowercase())
                }
                Some(_) => true,
            };
            if starts_a_word {
                snake.push('_');
            }
        }
        snake.extend(letter.to_lowercase());
        before = Some(letter);
    }
    snake
}

/// The identifier called `name`, raw where `name` is a keyword of any edition.
///
/// `None` for what cannot be an identifier at all: `self`, `super`, `crate`, `_`.
pub(crate) fn identifier(name: &str, span: Span) -> Option<Ident> {
    if matches!(name, "self" | "Self" | "super" | "crate" | "_" | "") {
        return None;
    }
    // A keyword in edition 2024 only, so that no parser of earlier code knows it.
    if name != "gen" && syn::parse_str::<Ident>(name).is_ok() {
        return Some(Ident::new(name, span));
    }
    let raw: Ident = syn::parse_str(&format!("r#{name}")).ok()?;
    Some(located(&raw, span))
}

/// The same name at another span.
pub(crate) fn located(name: &Ident, span: Span) -> Ident {
    let mut name = name.clone();
    name.set_span(span);
    name
}

/// The text of a name without its `r#`.
pub(crate) fn plain(name: &Ident) -> String {
    let text = name.to_string();
    match text.strip_prefix("r#") {
        Some(rest) => rest.to_owned(),
        None => text,
    }
}

/// Where the user wrote it, but the macro's own: lints for user code leave it alone. An editor would
/// take such tokens for what the user wrote there.
pub(crate) fn ours(span: Span) -> Span {
    if presence::is_there() {
        Span::call_site()
    } else {
        Span::call_site().located_at(span)
    }
}

/// Where the user wrote what the compiler is to speak of, and as if it were the user's. An editor
/// would take it for that.
pub(crate) fn spoken_of(span: Span) -> Span {
    if presence::is_there() {
        Span::call_site()
    } else {
        span
    }
}

/// The place of a name that is made from what stands at `span`. There an editor goes from the uses of
/// the name, if the place is the user's own.
pub(crate) fn landing(span: Span) -> Span {
    if presence::is_there() {
        span
    } else {
        Span::call_site().located_at(span)
    }
}

/// A name that all enums have in common, and that is made from none of its parts: an editor goes to `span`.
pub(crate) fn common(name: &str, span: Span) -> Ident {
    let span = if presence::is_there() {
        span
    } else {
        Span::call_site()
    };
    Ident::new(name, span)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_where_a_reader_would() {
        for (camel, snake) in [
            ("Add", "add"),
            ("HTTPGet", "http_get"),
            ("GetV2", "get_v2"),
            ("V2Get", "v2_get"),
            ("GetHTTP", "get_http"),
            ("A", "a"),
            ("ABc", "a_bc"),
            ("Foo_Bar", "foo_bar"),
            ("already_snake", "already_snake"),
            ("SCREAM", "scream"),
            ("Öffnen", "öffnen"),
            ("SetÖl", "set_öl"),
        ] {
            assert_eq!(snake_case(camel), snake, "{camel}");
        }
    }

    #[test]
    fn keywords_become_raw() {
        let name = |text| identifier(text, Span::call_site()).map(|name| name.to_string());
        assert_eq!(name("add").as_deref(), Some("add"));
        assert_eq!(name("type").as_deref(), Some("r#type"));
        assert_eq!(name("gen").as_deref(), Some("r#gen"));
        assert_eq!(name("async").as_deref(), Some("r#async"));
        for impossible in ["self", "super", "crate", "Self", "_"] {
            assert_eq!(name(impossible), None, "{impossible}");
        }
    }

    #[test]
    fn plain_names_have_no_prefix() {
        assert_eq!(plain(&Ident::new_raw("type", Span::call_site())), "type");
    }
}
