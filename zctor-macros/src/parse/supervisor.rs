//! The options of `#[supervisor(…)]`: those of `#[actor(…)]`, and its own.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Lit, Path};

use super::list::{Entry, Form, entries, twice};
use super::options::{behind_the_key, each, give, known};
use super::value::{self, compact};
use crate::diag::Report;
use crate::model::declared::{AutoShutdown, Backoff, Given, Options, Strategy};
use crate::wording::{options as shared, supervisor as say};

/// Reads all options. Mistaken ones are reported and left without a value.
pub(crate) fn options(tokens: TokenStream, report: &mut Report) -> Options {
    let mut options = Options::default();
    each(tokens, report, |entry, report| {
        option(entry, &mut options, report);
    });
    options
}

fn option(entry: Entry, options: &mut Options, report: &mut Report) {
    let Some(key) = entry.key else {
        options.uncertain = true;
        report.on(entry.tokens, say::not_an_option());
        return;
    };
    let name = key.to_string();
    if name == "double" {
        report.at(key.span(), say::double());
        return;
    }
    if shared::OPTIONS.contains(&name.as_str()) {
        known(key, entry.form, entry.tokens, options, report);
        return;
    }
    if !say::OPTIONS.contains(&name.as_str()) {
        options.uncertain = true;
        report.at(key.span(), say::unknown(&name));
        return;
    }
    let own = &mut options.supervising;
    if name == "backoff" {
        if let Some(first) = &own.backoff {
            return twice(first.at, key.span(), "backoff", report);
        }
        let value = backoff(&entry.form, &entry.tokens, report);
        let at = key.span();
        own.backoff = Some(Given { at, value });
        return;
    }
    let Some(tokens) = assigned(&key, &entry.form, &entry.tokens, report) else {
        options.uncertain = true;
        return;
    };
    let tokens = Some(tokens);
    match name.as_str() {
        "strategy" => give(&mut own.strategy, &key, tokens, report, strategy),
        "max_restarts" => give(&mut own.max_restarts, &key, tokens, report, max_restarts),
        "within" => give(&mut own.within, &key, tokens, report, |tokens, report| {
            window(tokens, "within", report)
        }),
        _ => give(&mut own.auto_shutdown, &key, tokens, report, auto_shutdown),
    }
}

/// What stands behind the `=`.
pub(super) fn assigned(
    key: &Ident,
    form: &Form,
    whole: &TokenStream,
    report: &mut Report,
) -> Option<TokenStream> {
    let name = key.to_string();
    match form {
        Form::Value(tokens) => return Some(tokens.clone()),
        Form::Word | Form::Missing => report.at(key.span(), say::missing_value(&name)),
        Form::List(inner) => report.on(whole, shared::in_parentheses(&name, &compact(inner))),
        Form::Other => {
            let value = behind_the_key(whole.clone());
            report.at(key.span(), shared::missing_equals(&name, &compact(&value)));
        }
    }
    None
}

/// The word that the value is; reported if it is none, or is quoted.
pub(super) fn word(
    tokens: &TokenStream,
    option: &str,
    words: &[&str],
    report: &mut Report,
) -> Option<String> {
    if let Ok(word) = syn::parse2::<Ident>(tokens.clone()) {
        return Some(word.to_string());
    }
    let message = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Str(text)) if words.contains(&text.value().as_str()) => {
            say::quoted_word(option, &text.value())
        }
        _ => say::not_a_word(option, &compact(tokens), words),
    };
    report.on(tokens, message);
    None
}

fn strategy(tokens: &TokenStream, report: &mut Report) -> Option<Strategy> {
    Some(
        match word(tokens, "strategy", say::STRATEGIES, report)?.as_str() {
            "one_for_one" => Strategy::OneForOne,
            "one_for_all" => Strategy::OneForAll,
            "rest_for_one" => Strategy::RestForOne,
            other => {
                report.on(tokens, say::unknown_strategy(other));
                return None;
            }
        },
    )
}

fn auto_shutdown(tokens: &TokenStream, report: &mut Report) -> Option<AutoShutdown> {
    Some(
        match word(tokens, "auto_shutdown", say::AUTO_SHUTDOWNS, report)?.as_str() {
            "never" => AutoShutdown::Never,
            "any_significant" => AutoShutdown::AnySignificant,
            "all_significant" => AutoShutdown::AllSignificant,
            other => {
                report.on(tokens, say::unknown_auto_shutdown(other));
                return None;
            }
        },
    )
}

fn max_restarts(tokens: &TokenStream, report: &mut Report) -> Option<TokenStream> {
    number(tokens, "max_restarts", report)
}

/// A number, or the path of a constant.
pub(super) fn number(
    tokens: &TokenStream,
    option: &str,
    report: &mut Report,
) -> Option<TokenStream> {
    let sound = match syn::parse2::<Lit>(tokens.clone()) {
        Ok(Lit::Int(number)) => number.suffix().is_empty() && number.base10_parse::<u32>().is_ok(),
        Ok(_) => false,
        Err(_) => syn::parse2::<Path>(tokens.clone()).is_ok_and(|path| {
            let lower = |name: &Ident| !name.to_string().contains(char::is_uppercase);
            !path.get_ident().is_some_and(lower)
        }),
    };
    if sound {
        return Some(tokens.clone());
    }
    report.on(tokens, say::not_a_number(option, &compact(tokens)));
    None
}

/// A duration that is more than nothing.
fn window(tokens: &TokenStream, option: &str, report: &mut Report) -> Option<Duration> {
    if let Ok(Lit::Str(text)) = syn::parse2::<Lit>(tokens.clone()) {
        match text.value().as_str() {
            "infinity" | "forever" | "unlimited" => {
                report.on(tokens, say::no_infinity(option));
                return None;
            }
            text if value::is_zero(text) => {
                report.on(tokens, say::zero(option));
                return None;
            }
            _ => {}
        }
    }
    let paste = |value: &str| format!("{option} = \"{value}\"");
    value::limit(tokens, &paste, report)
}

const MIN: Duration = Duration::from_millis(200);
const MAX: Duration = Duration::from_secs(10);

/// `backoff`, or `backoff(min = "200ms", max = "10s")`, or one of them.
fn backoff(form: &Form, whole: &TokenStream, report: &mut Report) -> Option<Backoff> {
    let inner = match form {
        Form::Word => TokenStream::new(),
        Form::List(inner) => inner.clone(),
        Form::Value(tokens) => {
            report.on(whole, say::backoff_with_equals(&compact(tokens)));
            return None;
        }
        Form::Missing | Form::Other => {
            report.on(whole, say::backoff_with_equals(""));
            return None;
        }
    };
    let (mut min, mut max): (Option<Given<Duration>>, Option<Given<Duration>>) = (None, None);
    let mut sound = true;
    for entry in entries(inner) {
        let (Some(key), Form::Value(tokens)) = (&entry.key, &entry.form) else {
            report.on(&entry.tokens, say::backoff_option(&compact(&entry.tokens)));
            sound = false;
            continue;
        };
        let name = key.to_string();
        let place = match name.as_str() {
            "min" => &mut min,
            "max" => &mut max,
            _ => {
                report.at(key.span(), say::backoff_option(&name));
                sound = false;
                continue;
            }
        };
        give(
            place,
            key,
            Some(tokens.clone()),
            report,
            |tokens, report| window(tokens, &name, report),
        );
    }
    let value = |given: &Option<Given<Duration>>| match given {
        Some(given) => given.value,
        None => None,
    };
    sound &= [&min, &max]
        .iter()
        .all(|given| given.is_none() == value(given).is_none());
    if !sound {
        return None;
    }
    let least = value(&min).unwrap_or(value(&max).map_or(MIN, |max| MIN.min(max)));
    let most = value(&max).unwrap_or(MAX.max(least));
    if least > most {
        report.on(whole.to_token_stream(), say::backoff_upside_down());
        return None;
    }
    Some(Backoff {
        min: least,
        max: most,
    })
}
