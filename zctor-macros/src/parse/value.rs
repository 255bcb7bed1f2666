//! The values of options: capacities, policies, durations, names.

use std::time::Duration;

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use syn::parse::Parser;
use syn::{Lit, Path, Type};

use super::duration;
use super::list::{single, ungrouped};
use crate::diag::{Message, Report};
use crate::model::declared::{Mailbox, Overflow, Thread};
use crate::syntax::constants::unmarked;
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

/// `unbounded`, `lock_free`, or a capacity. With both, `lock_free(1024)`.
pub(crate) fn mailbox(value: &TokenStream, report: &mut Report) -> Option<Mailbox> {
    let mut trees = value.clone().into_iter();
    let lock_free = match (trees.next(), trees.next(), trees.next()) {
        (Some(TokenTree::Ident(word)), None, None) if word == "unbounded" => {
            return Some(Mailbox::default());
        }
        (Some(TokenTree::Ident(word)), None, None) => word == "lock_free",
        (Some(TokenTree::Ident(word)), Some(TokenTree::Group(group)), None)
            if word == "lock_free" || say::means_a_mailbox(&word.to_string()) =>
        {
            return mailbox_with_room(&word, &group, report);
        }
        _ => false,
    };
    if lock_free {
        return Some(LOCK_FREE);
    }
    match capacity(value, false, report) {
        Some(capacity) => Some(Mailbox {
            capacity: Some(capacity),
            lock_free,
        }),
        // Reported. Where it is clear that no capacity was meant, the methods are what they will be.
        None => {
            let text = match literal(value) {
                Some(Lit::Str(text)) => text.value(),
                _ => value.to_string(),
            };
            match say::mailbox_meant(&text)? {
                "lock_free" => Some(LOCK_FREE),
                _ => Some(Mailbox::default()),
            }
        }
    }
}

const LOCK_FREE: Mailbox = Mailbox {
    capacity: None,
    lock_free: true,
};

/// `lock_free(1024)`, or what was meant to be that or the like.
fn mailbox_with_room(word: &Ident, room: &Group, report: &mut Report) -> Option<Mailbox> {
    let inner = ungrouped(room.stream());
    let text = compact(&inner);
    if word != "lock_free" {
        report.at(
            word.span(),
            say::unknown_mailbox_with_room(&word.to_string(), &text),
        );
    } else if inner.is_empty() {
        report.at(room.span(), say::lock_free_without_room());
        return Some(LOCK_FREE);
    } else if room.delimiter() != Delimiter::Parenthesis {
        report.at(room.span(), say::lock_free_in_brackets(&text));
    } else {
        return Some(Mailbox {
            capacity: Some(capacity(&inner, true, report)?),
            lock_free: true,
        });
    }
    None
}

/// A number, or the path of a constant; inside of `lock_free(…)` or not.
fn capacity(value: &TokenStream, lock_free: bool, report: &mut Report) -> Option<TokenStream> {
    if begins_with_minus(value) {
        report.on(value, say::negative_capacity(lock_free));
        return None;
    }
    let message = match literal(value) {
        Some(Lit::Int(number)) if matches!(number.suffix(), "" | "usize") => {
            match number.base10_parse::<u64>() {
                Ok(0) => say::zero_capacity(lock_free),
                Ok(_) => return Some(value.clone()),
                Err(_) => say::not_a_capacity(&number.to_string(), lock_free),
            }
        }
        Some(Lit::Int(number)) => {
            say::capacity_suffix(number.suffix(), number.base10_digits(), lock_free)
        }
        Some(Lit::Str(text)) if lock_free => say::quoted_capacity(&text.value()),
        Some(Lit::Str(text)) => say::quoted_mailbox(&text.value()),
        Some(other) => say::not_a_capacity(&text(&other), lock_free),
        None => match syn::parse2::<Path>(value.clone()) {
            Ok(path) if is_constant(&path) && (lock_free || !is_a_type_of_mailbox(&path)) => {
                return Some(value.clone());
            }
            Ok(_) if !lock_free => say::unknown_mailbox(&value.to_string()),
            // `lock-free` is three tokens.
            Err(_) if !lock_free && say::mailbox_meant(&value.to_string()).is_some() => {
                say::unknown_mailbox(&value.to_string().replace(" ", ""))
            }
            _ => say::not_a_capacity(&compact(value), lock_free),
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

/// `SegQueue`: no constant is written so.
fn is_a_type_of_mailbox(path: &Path) -> bool {
    path.get_ident().is_some_and(|name| {
        let name = name.to_string();
        name.contains(char::is_lowercase) && say::means_a_mailbox(&name)
    })
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
    paste: &dyn Fn(&str) -> String,
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
    paste: &dyn Fn(&str) -> String,
    report: &mut Report,
) -> Option<Duration> {
    let usual = paste(wanted.usual);
    let message = match literal(value) {
        Some(Lit::Str(text)) => match duration::duration(&text.value()) {
            Ok(span) if span.is_zero() => (wanted.zero)(),
            Ok(span) => return Some(span),
            Err(duration::Mistake::TooLong) => (wanted.too_long)(),
            Err(mistake) => unreadable(&mistake, &usual, paste),
        },
        _ if begins_with_minus(value) => values::negative_duration(),
        Some(Lit::Int(number)) => unquoted(number.base10_digits(), number.suffix(), paste),
        Some(Lit::Float(number)) => unquoted(number.base10_digits(), number.suffix(), paste),
        _ => values::not_a_duration(&compact(value), &usual),
    };
    report.on(value, message);
    None
}

/// Whether the text is a duration of nothing.
pub(super) fn is_zero(text: &str) -> bool {
    duration::duration(text).is_ok_and(|duration| duration.is_zero())
}

fn unquoted(digits: &str, unit: &str, paste: &dyn Fn(&str) -> String) -> Message {
    match duration::unit_meant(if unit.is_empty() { "s" } else { unit }) {
        Some(meant) => values::unquoted_duration(
            &format!("{digits}{unit}"),
            &paste(&format!("{digits}{meant}")),
        ),
        None => values::unknown_unit(unit, None, &duration::units()),
    }
}

fn unreadable(mistake: &duration::Mistake, usual: &str, paste: &dyn Fn(&str) -> String) -> Message {
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
    paste: &dyn Fn(&str) -> String,
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
    paste: &dyn Fn(&str) -> String,
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
    let mut text = unmarked(tokens.clone()).to_string();
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
