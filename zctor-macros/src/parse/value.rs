//! The values of options: capacities, policies, durations, names.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Lit, Path, Type};

use super::duration;
use super::list::single;
use crate::diag::{Message, Report};
use crate::model::declared::{Mailbox, Overflow, Thread};
use crate::wording::{marks, options as say, values};

/// The policies by their names.
const POLICIES: &[(&str, Overflow)] = &[
    ("wait", Overflow::Wait),
    ("reject", Overflow::Reject),
    ("drop_newest", Overflow::DropNewest),
    ("drop_oldest", Overflow::DropOldest),
];

/// The literal that the value is, if it is one.
fn literal(value: &TokenStream) -> Option<Lit> {
    syn::parse2::<Lit>(value.clone()).ok()
}

fn begins_with_minus(value: &TokenStream) -> bool {
    matches!(value.clone().into_iter().next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '-')
}

/// `unbounded`, a number, or the path of a constant.
pub(crate) fn mailbox(value: &TokenStream, report: &mut Report) -> Option<Mailbox> {
    if begins_with_minus(value) {
        report.on(value, say::negative_capacity());
        return None;
    }
    let message = match literal(value) {
        Some(Lit::Int(number)) if matches!(number.suffix(), "" | "usize") => {
            match number.base10_parse::<u64>() {
                Ok(0) => say::zero_capacity(),
                Ok(_) => return Some(Mailbox::Bounded(value.clone())),
                Err(_) => say::not_a_capacity(&number.to_string()),
            }
        }
        Some(Lit::Int(number)) => say::capacity_suffix(number.suffix(), number.base10_digits()),
        Some(Lit::Str(text)) => say::quoted_mailbox(&text.value()),
        Some(other) => say::not_a_capacity(&text(&other)),
        None => match syn::parse2::<Path>(value.clone()) {
            Ok(path) if path.is_ident("unbounded") => return Some(Mailbox::Unbounded),
            Ok(path) if is_constant(&path) => return Some(Mailbox::Bounded(value.clone())),
            Ok(_) => say::unknown_mailbox(&value.to_string()),
            Err(_) => say::not_a_capacity(&compact(value)),
        },
    };
    report.on(value, message);
    None
}

/// Paths of several parts may lead to constants, and single names that are not in lower case.
pub(super) fn is_constant(path: &Path) -> bool {
    path.segments.len() > 1
        || path
            .get_ident()
            .is_none_or(|name| name.to_string().contains(char::is_uppercase))
}

/// One of the policies.
pub(crate) fn overflow(value: &TokenStream, report: &mut Report) -> Option<Overflow> {
    let message = match (single(value), literal(value)) {
        (Some(TokenTree::Ident(word)), _) => {
            let word = word.to_string();
            if let Some((_, policy)) = POLICIES.iter().find(|(name, _)| *name == word) {
                return Some(*policy);
            }
            say::unknown_policy(&word)
        }
        (_, Some(Lit::Str(text))) => say::quoted_policy(&text.value()),
        _ => say::not_a_policy(&compact(value)),
    };
    report.on(value, message);
    None
}

/// `high`, which is the only priority that is written. Whether it was meant.
pub(crate) fn priority(value: &TokenStream, report: &mut Report) -> Option<bool> {
    let (message, high) = match (single(value), literal(value)) {
        (Some(TokenTree::Ident(word)), _) => {
            let word = word.to_string();
            if word == "high" {
                return Some(true);
            }
            (
                marks::unknown_priority(&word),
                !marks::is_no_high_priority(&word),
            )
        }
        (_, Some(Lit::Str(text))) => (
            marks::quoted_priority(&text.value()),
            !marks::is_no_high_priority(&text.value()),
        ),
        _ => (marks::not_a_priority(&compact(value)), true),
    };
    report.on(value, message);
    Some(high)
}

/// `shared` or `dedicated`.
pub(crate) fn thread(value: &TokenStream, report: &mut Report) -> Option<Thread> {
    let message = match (single(value), literal(value)) {
        (Some(TokenTree::Ident(word)), _) => match word.to_string().as_str() {
            "shared" => return Some(Thread::Shared),
            "dedicated" => return Some(Thread::Dedicated),
            word => say::unknown_thread(word),
        },
        (_, Some(Lit::Str(text))) => say::quoted_thread(&text.value()),
        (_, Some(Lit::Int(number))) => say::numbered_threads(number.base10_digits()),
        _ => say::not_a_thread(&compact(value)),
    };
    report.on(value, message);
    None
}

/// A time limit. `paste` shows how the option reads with a given value.
pub(crate) fn limit(
    value: &TokenStream,
    paste: impl Fn(&str) -> String,
    report: &mut Report,
) -> Option<Duration> {
    let limit = Span {
        usual: "5s",
        zero: &values::zero_limit,
        too_long: &values::too_long_limit,
    };
    span(value, &limit, paste, report)
}

/// What is said of a duration of some kind.
pub(crate) struct Span<'a> {
    /// One that is often right.
    pub(crate) usual: &'a str,
    pub(crate) zero: &'a dyn Fn() -> Message,
    pub(crate) too_long: &'a dyn Fn() -> Message,
}

/// A duration of some length. `paste` shows how the option reads with a given value.
pub(crate) fn span(
    value: &TokenStream,
    wanted: &Span<'_>,
    paste: impl Fn(&str) -> String,
    report: &mut Report,
) -> Option<Duration> {
    let usual = paste(wanted.usual);
    let message = match literal(value) {
        Some(Lit::Str(text)) => match duration::duration(&text.value()) {
            Ok(span) if span.is_zero() => (wanted.zero)(),
            Ok(span) => return Some(span),
            Err(duration::Mistake::TooLong) => (wanted.too_long)(),
            Err(mistake) => unreadable(&mistake, &usual, &paste),
        },
        _ if begins_with_minus(value) => values::negative_duration(),
        Some(Lit::Int(number)) => unquoted(number.base10_digits(), number.suffix(), &paste),
        Some(Lit::Float(number)) => unquoted(number.base10_digits(), number.suffix(), &paste),
        _ => values::not_a_duration(&compact(value), &usual),
    };
    report.on(value, message);
    None
}

/// Whether the text is a duration of nothing.
pub(super) fn is_zero(text: &str) -> bool {
    duration::duration(text).is_ok_and(|duration| duration.is_zero())
}

fn unquoted(digits: &str, unit: &str, paste: impl Fn(&str) -> String) -> Message {
    match duration::unit_meant(if unit.is_empty() { "s" } else { unit }) {
        Some(meant) => values::unquoted_duration(
            &format!("{digits}{unit}"),
            &paste(&format!("{digits}{meant}")),
        ),
        None => values::unknown_unit(unit, None, &duration::units()),
    }
}

fn unreadable(mistake: &duration::Mistake, usual: &str, paste: impl Fn(&str) -> String) -> Message {
    use duration::Mistake;
    match mistake {
        Mistake::Empty => values::empty_duration(usual),
        Mistake::Negative => values::negative_duration(),
        Mistake::NoUnit(number) => {
            values::no_unit(number, &paste(&format!("{number}s")), &duration::units())
        }
        Mistake::UnknownUnit { number, unit } => {
            let meant = duration::unit_meant(unit).map(|meant| paste(&format!("{number}{meant}")));
            values::unknown_unit(unit, meant.as_deref(), &duration::units())
        }
        Mistake::NotANumber(part) => values::not_a_number(part, usual),
        Mistake::TooLong => values::too_long(),
    }
}

/// A name for a generated item. `option` is what it is given for.
pub(crate) fn name(
    value: &TokenStream,
    paste: impl Fn(&str) -> String,
    report: &mut Report,
) -> Option<Ident> {
    if let Ok(name) = syn::parse2::<Ident>(value.clone())
        && name != "_"
    {
        return Some(name);
    }
    let message = match (single(value), literal(value)) {
        (_, Some(Lit::Str(text))) if syn::parse_str::<Ident>(&text.value()).is_ok() => {
            values::quoted_name(&text.value(), &paste(&text.value()))
        }
        (Some(TokenTree::Ident(word)), _) => {
            values::keyword(&word.to_string(), &paste(&format!("r#{word}")))
        }
        _ => {
            let last = syn::parse2::<Path>(value.clone())
                .ok()
                .and_then(|path| Some(path.segments.last()?.ident.to_string()));
            let name = last.as_deref().unwrap_or("name");
            values::not_a_name(&compact(value), &paste(name))
        }
    };
    report.on(value, message);
    None
}

/// The path by which zctor is reached.
pub(crate) fn path(value: &TokenStream, report: &mut Report) -> Option<Path> {
    if let Ok(path) = Path::parse_mod_style.parse2(value.clone()) {
        return Some(path);
    }
    let message = match literal(value) {
        Some(Lit::Str(text)) => values::quoted_path(&text.value()),
        _ => values::not_a_path(&compact(value)),
    };
    report.on(value, message);
    None
}

/// A type. `paste` shows how the option reads with a given type.
pub(crate) fn ty(
    value: &TokenStream,
    paste: impl Fn(&str) -> String,
    report: &mut Report,
) -> Option<Type> {
    if let Some(Lit::Str(text)) = literal(value) {
        report.on(value, values::quoted_type(&paste(&text.value())));
        return None;
    }
    match syn::parse2::<Type>(value.clone()) {
        Ok(Type::Infer(_)) | Ok(Type::ImplTrait(_)) => {
            report.on(value, values::unnamed_type(&compact(value), &paste("T")));
            None
        }
        Ok(ty) => Some(ty),
        Err(_) => {
            report.on(value, values::not_a_type(&compact(value), &paste("T")));
            None
        }
    }
}

fn text(literal: &Lit) -> String {
    compact(&quote::quote!(#literal))
}

/// Tokens as one would write them, near enough for a message.
pub(crate) fn compact(tokens: &TokenStream) -> String {
    let mut text = tokens.to_string();
    for (loose, tight) in [
        (" :: ", "::"),
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        ("& ", "&"),
        (" (", "("),
        ("- ", "-"),
    ] {
        text = text.replace(loose, tight);
    }
    text
}
