//! `#[child(…)]`.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Lit, Meta};

use super::list::{Entry, Form, entries, twice};
use super::options::give;
use super::supervisor::{assigned, number, word};
use super::value::{self, compact};
use crate::diag::Report;
use crate::model::declared::{ChildMark, Given, Patience, Restart};
use crate::wording::supervisor as say;

/// A child in any case: its mistaken options are reported and left out.
pub(super) fn child(attr: &Attribute, report: &mut Report) -> Option<ChildMark> {
    let mut mark = ChildMark::default();
    match &attr.meta {
        Meta::Path(_) => {}
        Meta::List(list) => {
            for entry in entries(list.tokens.clone()) {
                option(entry, &mut mark, report);
            }
        }
        Meta::NameValue(pair) => report.on(&pair.value, say::child_with_equals()),
    }
    Some(mark)
}

fn option(entry: Entry, mark: &mut ChildMark, report: &mut Report) {
    let Some(key) = entry.key else {
        report.on(
            &entry.tokens,
            say::not_a_child_option(&compact(&entry.tokens)),
        );
        return;
    };
    let name = key.to_string();
    match name.as_str() {
        "significant" => flag(&mut mark.significant, &key, &entry.form, report),
        "dynamic" => flag(&mut mark.dynamic, &key, &entry.form, report),
        "restart" | "shutdown" | "count" => {
            let tokens = assigned(&key, &entry.form, &entry.tokens, report);
            match name.as_str() {
                "restart" => give(&mut mark.restart, &key, tokens, report, restart),
                "shutdown" => give(&mut mark.shutdown, &key, tokens, report, shutdown),
                _ => give(&mut mark.count, &key, tokens, report, count),
            }
        }
        _ => report.at(key.span(), say::unknown_child_option(&name)),
    }
}

fn flag(place: &mut Option<Given<()>>, key: &Ident, form: &Form, report: &mut Report) {
    if let Some(first) = place {
        return twice(first.at, key.span(), &key.to_string(), report);
    }
    if !matches!(form, Form::Word) {
        report.at(key.span(), say::flag_with_value(&key.to_string()));
    }
    *place = Some(Given {
        at: key.span(),
        value: Some(()),
    });
}

fn restart(tokens: &TokenStream, report: &mut Report) -> Option<Restart> {
    Some(
        match word(tokens, "restart", say::RESTARTS, report)?.as_str() {
            "permanent" => Restart::Permanent,
            "transient" => Restart::Transient,
            "temporary" => Restart::Temporary,
            other => {
                report.on(tokens, say::unknown_restart(other));
                return None;
            }
        },
    )
}

/// A duration, `brutal`, or `infinity`.
fn shutdown(tokens: &TokenStream, report: &mut Report) -> Option<Patience> {
    if let Ok(word) = syn::parse2::<Ident>(tokens.clone()) {
        return match word.to_string().as_str() {
            "brutal" => Some(Patience::Brutal),
            "infinity" => Some(Patience::Infinity),
            other => {
                report.on(tokens, say::unknown_shutdown(other));
                None
            }
        };
    }
    if let Ok(Lit::Str(text)) = syn::parse2::<Lit>(tokens.clone()) {
        let text = text.value();
        if matches!(text.as_str(), "brutal" | "infinity") {
            report.on(tokens, say::quoted_word("shutdown", &text));
            return None;
        }
        if value::is_zero(&text) {
            report.on(tokens, say::zero_shutdown());
            return None;
        }
    }
    let paste = |value: &str| format!("shutdown = \"{value}\"");
    value::limit(tokens, &paste, report).map(Patience::Within)
}

fn count(tokens: &TokenStream, report: &mut Report) -> Option<TokenStream> {
    let tokens = number(tokens, "count", report)?;
    if let Ok(Lit::Int(number)) = syn::parse2::<Lit>(tokens.clone())
        && number.base10_digits() == "0"
    {
        report.on(&tokens, say::zero_count());
        return None;
    }
    Some(tokens)
}
