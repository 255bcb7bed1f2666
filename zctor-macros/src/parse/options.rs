//! The options of `#[actor(…)]`.

use proc_macro2::{Ident, TokenStream};
use syn::Lit;

use super::list::{Entry, Form, entries, parted, twice};
use super::value;
use crate::diag::Report;
use crate::model::declared::{Given, Options};
use crate::tokens;
use crate::wording::options as say;

/// Reads all options. Mistaken ones are reported and left without a value.
pub(crate) fn options(tokens: TokenStream, report: &mut Report) -> Options {
    let mut options = Options::default();
    each(tokens, report, |entry, report| {
        option(entry, &mut options, report);
    });
    options
}

/// Hands every entry to `read`, also those that no comma parts.
pub(super) fn each(
    tokens: TokenStream,
    report: &mut Report,
    mut read: impl FnMut(Entry, &mut Report),
) {
    for entry in entries(tokens) {
        let (first, mut rest) = parted(entry);
        read(first, report);
        while let Some(entry) = rest {
            let (next, behind) = parted(entry);
            if let Some(key) = &next.key {
                report.at(key.span(), say::missing_comma(&key.to_string()));
            }
            read(next, report);
            rest = behind;
        }
    }
}

fn option(entry: Entry, options: &mut Options, report: &mut Report) {
    let Some(key) = entry.key else {
        options.uncertain = true;
        report.on(entry.tokens, say::not_an_option());
        return;
    };
    if !say::OPTIONS.contains(&key.to_string().as_str()) {
        options.uncertain = true;
        report.at(key.span(), say::unknown(&key.to_string()));
        return;
    }
    if key == "double" {
        return double(&key, entry.form, entry.tokens, options, report);
    }
    known(key, entry.form, entry.tokens, options, report);
}

/// `double`, or `double = Name`.
fn double(key: &Ident, form: Form, whole: TokenStream, options: &mut Options, report: &mut Report) {
    let tokens = match form {
        Form::Value(tokens) => tokens,
        Form::Word => TokenStream::new(),
        Form::Missing => {
            report.at(key.span(), say::double_without_value());
            TokenStream::new()
        }
        Form::List(inner) => {
            report.on(
                whole,
                say::in_parentheses("double", &value::compact(&inner)),
            );
            TokenStream::new()
        }
        Form::Other => {
            let value = behind_the_key(whole);
            report.at(
                key.span(),
                say::missing_equals("double", &value::compact(&value)),
            );
            TokenStream::new()
        }
    };
    // What was mistaken has been reported, and the double is made all the same.
    let read = |tokens: &TokenStream, report: &mut Report| {
        if tokens.is_empty() {
            return Some(None);
        }
        if let Ok(Lit::Bool(truth)) = syn::parse2(tokens.clone()) {
            report.on(tokens, say::double_with_a_truth(truth.value));
            return Some(None);
        }
        let paste = |name: &str| format!("double = {name}");
        Some(value::name(tokens, &paste, report))
    };
    give(&mut options.double, key, Some(tokens), report, read);
}

/// What stands behind the name of an option, where that is no `=`.
pub(super) fn behind_the_key(whole: TokenStream) -> TokenStream {
    let mut trees = whole.into_iter();
    trees.next();
    tokens::all(trees)
}

/// An option that actors and supervisors have.
pub(super) fn known(
    key: Ident,
    form: Form,
    whole: TokenStream,
    options: &mut Options,
    report: &mut Report,
) {
    let name = key.to_string();
    let tokens = match form {
        Form::Value(tokens) => Some(tokens),
        Form::Word | Form::Missing => {
            report.at(key.span(), say::missing_value(&name));
            None
        }
        Form::List(inner) => {
            report.on(whole, say::in_parentheses(&name, &value::compact(&inner)));
            None
        }
        Form::Other => {
            let value = behind_the_key(whole);
            report.at(
                key.span(),
                say::missing_equals(&name, &value::compact(&value)),
            );
            None
        }
    };
    let paste = |value: &str| format!("{name} = {value}");
    match name.as_str() {
        "mailbox" => give(&mut options.mailbox, &key, tokens, report, value::mailbox),
        "overflow" => give(&mut options.overflow, &key, tokens, report, value::overflow),
        "thread" => give(&mut options.thread, &key, tokens, report, value::thread),
        "timeout" => {
            let paste = |value: &str| format!("timeout = \"{value}\"");
            give(
                &mut options.timeout,
                &key,
                tokens,
                report,
                |value, report| value::limit(value, &paste, report),
            );
        }
        "handle" => give(
            &mut options.handle,
            &key,
            tokens,
            report,
            |value, report| value::name(value, &paste, report),
        ),
        "trait" => give(
            &mut options.interface,
            &key,
            tokens,
            report,
            |value, report| value::name(value, &paste, report),
        ),
        _ => give(&mut options.root, &key, tokens, report, value::path),
    }
}

/// Puts an option into its place, which must be free.
pub(super) fn give<T>(
    place: &mut Option<Given<T>>,
    key: &Ident,
    tokens: Option<TokenStream>,
    report: &mut Report,
    read: impl FnOnce(&TokenStream, &mut Report) -> Option<T>,
) {
    let at = key.span();
    if let Some(first) = place {
        return twice(first.at, at, &key.to_string(), report);
    }
    let value = match tokens {
        Some(tokens) => read(&tokens, report),
        None => None,
    };
    *place = Some(Given { at, value });
}
