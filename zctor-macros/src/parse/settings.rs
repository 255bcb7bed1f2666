//! Attributes with options of their own: `#[breaker(failures = 5, recovery = "30s")]`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::{Lit, Path};

use super::list::{Entry, Form, entries, parted, single, twice, ungrouped};
use super::value::{self, Span, compact};
use crate::diag::{Message, Report};
use crate::model::declared::{Setting, Settings, Value};
use crate::wording::{flow as say, values};

/// An attribute, with the options that it has.
pub(super) struct Mark {
    pub(super) name: &'static str,
    pub(super) keys: &'static [Key],
    /// What others call the options.
    pub(super) foreign: &'static [(&'static [&'static str], &'static str)],
}

pub(super) struct Key {
    pub(super) name: &'static str,
    pub(super) wants: Wants,
    /// A value, as it is written.
    pub(super) example: &'static str,
}

#[derive(Clone, Copy)]
pub(super) enum Wants {
    /// At least 1, and at most this.
    Number(u64),
    Duration,
    Path,
    Word(&'static [&'static str]),
    /// The name of a field, or its number.
    Field,
}

/// Reads options, each at most once. The mistaken ones have no value.
pub(super) fn settings(mark: &Mark, tokens: TokenStream, report: &mut Report) -> Settings {
    let all = commas(entries(tokens), report);
    read(mark, all, report)
}

/// Parts what no comma parts.
pub(super) fn commas(entries: Vec<Entry>, report: &mut Report) -> Vec<Entry> {
    let mut all = Vec::new();
    for entry in entries {
        let (first, mut rest) = parted(entry);
        all.push(first);
        while let Some(entry) = rest {
            let (next, behind) = parted(entry);
            if let Some(key) = &next.key {
                report.at(key.span(), say::missing_comma(&key.to_string()));
            }
            all.push(next);
            rest = behind;
        }
    }
    all
}

pub(super) fn read(mark: &Mark, entries: Vec<Entry>, report: &mut Report) -> Settings {
    let mut settings = Settings::default();
    for entry in entries {
        let Some(name) = &entry.key else {
            let text = compact(&entry.tokens);
            report.on(
                &entry.tokens,
                say::not_an_option(mark.name, &text, &names(mark)),
            );
            settings.uncertain = true;
            continue;
        };
        let Some(key) = mark.keys.iter().find(|key| name == key.name) else {
            let word = name.to_string();
            report.at(
                name.span(),
                say::unknown_option(mark.name, &word, foreign(mark, &word), &names(mark)),
            );
            settings.uncertain = true;
            continue;
        };
        if let Some(first) = settings.given(key.name) {
            twice(first.at, name.span(), key.name, report);
            continue;
        }
        let value =
            tokens_of(key, name, &entry, report).and_then(|value| read_value(key, &value, report));
        settings.uncertain |= value.is_none();
        settings.all.push(Setting {
            name: key.name,
            at: name.span(),
            value,
        });
    }
    settings
}

fn names(mark: &Mark) -> Vec<&'static str> {
    let mut names = Vec::new();
    for key in mark.keys {
        names.push(key.name);
    }
    names
}

fn foreign(mark: &Mark, word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let found = mark
        .foreign
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()));
    found.map(|(_, key)| *key)
}

/// What stands behind the `=`.
fn tokens_of(key: &Key, name: &Ident, entry: &Entry, report: &mut Report) -> Option<TokenStream> {
    match &entry.form {
        Form::Value(tokens) => return Some(ungrouped(tokens.clone())),
        Form::Word | Form::Missing => {
            report.at(name.span(), say::missing_value(key.name, key.example))
        }
        Form::List(inner) => report.on(
            &entry.tokens,
            say::value_in_parentheses(key.name, &compact(inner)),
        ),
        Form::Other => report.at(name.span(), say::missing_value(key.name, key.example)),
    }
    None
}

fn read_value(key: &Key, tokens: &TokenStream, report: &mut Report) -> Option<Value> {
    match key.wants {
        Wants::Number(most) => number(key, most, tokens, report).map(Value::Number),
        Wants::Duration => duration(key, tokens, report).map(Value::Duration),
        Wants::Path => match syn::parse2::<Path>(tokens.clone()) {
            Ok(path) => Some(Value::Path(path)),
            Err(_) => {
                report.on(
                    tokens,
                    say::not_a_path(key.name, &compact(tokens), key.example),
                );
                None
            }
        },
        Wants::Field => field(key, tokens, report).map(Value::Field),
        Wants::Word(words) => word(key, words, tokens, report).map(Value::Word),
    }
}

/// A number, or the path of a constant.
pub(super) fn number(
    key: &Key,
    most: u64,
    tokens: &TokenStream,
    report: &mut Report,
) -> Option<TokenStream> {
    let wrong = |text: &str| say::not_a_number(key.name, text, key.example);
    let message = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Int(number)) if !number.suffix().is_empty() => {
            say::number_with_suffix(key.name, number.base10_digits(), number.suffix())
        }
        Ok(Lit::Int(number)) => match number.base10_parse::<u64>() {
            Ok(0) => say::zero(key.name, key.example),
            Ok(value) if value > most => say::too_much(key.name, number.base10_digits(), most),
            Ok(_) => return Some(tokens.clone()),
            Err(_) => say::too_much(key.name, number.base10_digits(), most),
        },
        Ok(Lit::Str(text)) if text.value().parse::<u64>().is_ok() => {
            say::quoted_number(key.name, &text.value())
        }
        Ok(_) => wrong(&compact(tokens)),
        Err(_) => match syn::parse2::<Path>(tokens.clone()) {
            Ok(path) if value::is_constant(&path) => return Some(tokens.clone()),
            _ => wrong(&compact(tokens)),
        },
    };
    report.on(tokens, message);
    None
}

fn field(key: &Key, tokens: &TokenStream, report: &mut Report) -> Option<TokenStream> {
    let message = match (single(tokens), syn::parse2::<Lit>(tokens.clone())) {
        (Some(TokenTree::Ident(_)), _) => return Some(tokens.clone()),
        (_, Ok(Lit::Int(number))) if number.suffix().is_empty() => return Some(tokens.clone()),
        (_, Ok(Lit::Str(text))) => say::quoted_word(key.name, &text.value()),
        _ => say::not_a_field(key.name, &compact(tokens), key.example),
    };
    report.on(tokens, message);
    None
}

fn duration(key: &Key, tokens: &TokenStream, report: &mut Report) -> Option<std::time::Duration> {
    let zero = || say::zero(key.name, key.example);
    let span = Span {
        usual: key.example.trim_matches('"'),
        zero: &zero,
        too_long: &values::too_long,
    };
    let paste = |value: &str| format!("{} = \"{value}\"", key.name);
    value::span(tokens, &span, &paste, report)
}

fn word(
    key: &Key,
    words: &[&'static str],
    tokens: &TokenStream,
    report: &mut Report,
) -> Option<&'static str> {
    let find = |word: &str| words.iter().copied().find(|one| *one == word);
    let message: Message = match (single(tokens), syn::parse2::<Lit>(tokens.clone())) {
        (Some(TokenTree::Ident(word)), _) => {
            let word = word.to_string();
            match find(&word) {
                Some(word) => return Some(word),
                None => say::unknown_word(key.name, &word, words),
            }
        }
        (_, Ok(Lit::Str(text))) if find(&text.value()).is_some() => {
            say::quoted_word(key.name, &text.value())
        }
        _ => say::unknown_word(key.name, &compact(tokens), words),
    };
    report.on(tokens, message);
    None
}
