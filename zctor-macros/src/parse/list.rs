//! Comma-separated options, read so that a mistake in one leaves the others readable.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

use crate::diag::Report;
use crate::editor::presence;
use crate::tokens;
use crate::wording::shared;

/// Reports what is given twice, at both places.
pub(crate) fn twice(first: Span, second: Span, name: &str, report: &mut Report) {
    report.at(first, shared::given_first(name));
    report.at(second, shared::given_twice(name));
}

/// One option of a list.
pub(crate) struct Entry {
    /// All of it.
    pub(crate) tokens: TokenStream,
    /// Its name, where it begins with one.
    pub(crate) key: Option<Ident>,
    pub(crate) form: Form,
}

/// How an option is written.
pub(crate) enum Form {
    /// `key`
    Word,
    /// `key =`
    Missing,
    /// `key = value`
    Value(TokenStream),
    /// `key(…)`
    List(TokenStream),
    /// Anything else.
    Other,
}

/// Splits at the commas that are not inside of `<…>`.
pub(crate) fn entries(tokens: TokenStream) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut current: Vec<TokenTree> = Vec::new();
    let mut depth = 0usize;
    let mut before = ' ';
    for token in tokens {
        let mark = match &token {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match mark {
            '<' => depth += 1,
            '>' if before != '-' && before != '=' => depth = depth.saturating_sub(1),
            _ => {}
        }
        before = mark;
        if mark == ',' && depth == 0 {
            entries.extend(entry(std::mem::take(&mut current)));
        } else {
            current.push(token);
        }
    }
    entries.extend(entry(current));
    entries
}

/// An option, and those behind it that no comma parts from it: `a = 1 b = 2`.
pub(crate) fn parted(whole: Entry) -> (Entry, Option<Entry>) {
    let all: Vec<TokenTree> = whole.tokens.clone().into_iter().collect();
    let next = all.windows(3).position(|three| {
        matches!(
            three,
            [TokenTree::Ident(_) | TokenTree::Literal(_) | TokenTree::Group(_), TokenTree::Ident(_), TokenTree::Punct(equals)]
                if equals.as_char() == '='
        )
    });
    let Some(next) = next else {
        return (whole, None);
    };
    let (first, rest) = all.split_at(next + 1);
    match (entry(first.to_vec()), entry(rest.to_vec())) {
        (Some(first), rest) => (first, rest),
        (None, _) => (whole, None),
    }
}

fn entry(tokens: Vec<TokenTree>) -> Option<Entry> {
    let all = tokens::all(&tokens);
    let mut rest = tokens.into_iter();
    let (key, form) = match rest.next()? {
        TokenTree::Ident(key) => {
            let form = match rest.next() {
                None => Form::Word,
                Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                    let value = tokens::all(rest);
                    if value.is_empty() {
                        Form::Missing
                    } else {
                        Form::Value(ungrouped(value))
                    }
                }
                Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => {
                    match rest.next() {
                        None => Form::List(group.stream()),
                        Some(_) => Form::Other,
                    }
                }
                Some(_) => Form::Other,
            };
            (Some(key), form)
        }
        _ => (None, Form::Other),
    };
    Some(Entry {
        tokens: all,
        key,
        form,
    })
}

/// What a metavariable stood for: those arrive in invisible groups, in an editor in parentheses.
pub(crate) fn ungrouped(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None)
            if group.delimiter() == Delimiter::None || presence::is_there() && is_one(&group) =>
        {
            ungrouped(group.stream())
        }
        _ => tokens,
    }
}

/// Whether these are parentheses around one thing, and no tuple.
fn is_one(group: &Group) -> bool {
    let mut inner = group.stream().into_iter().peekable();
    group.delimiter() == Delimiter::Parenthesis
        && inner.peek().is_some()
        && !inner.any(|tree| matches!(tree, TokenTree::Punct(comma) if comma.as_char() == ','))
}

/// The only token, if there is just one.
pub(crate) fn single(tokens: &TokenStream) -> Option<TokenTree> {
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(tree), None) => Some(tree),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn texts(tokens: TokenStream) -> Vec<String> {
        entries(tokens)
            .iter()
            .map(|entry| entry.tokens.to_string())
            .collect()
    }

    #[test]
    fn commas_of_generics_do_not_split() {
        assert_eq!(
            texts(quote!(Result<A, B>, error = Map<K, V>,)),
            ["Result < A , B >", "error = Map < K , V >"]
        );
        assert_eq!(texts(quote!(fn(A, B) -> C, x)), ["fn (A , B) -> C", "x"]);
    }

    #[test]
    fn forms_are_told_apart() {
        let forms: Vec<&str> = entries(quote!(a, b =, c = 1, d(2), e::f, 5))
            .iter()
            .map(|entry| match entry.form {
                Form::Word => "word",
                Form::Missing => "missing",
                Form::Value(_) => "value",
                Form::List(_) => "list",
                Form::Other => "other",
            })
            .collect();
        assert_eq!(
            forms,
            ["word", "missing", "value", "list", "other", "other"]
        );
    }
}
