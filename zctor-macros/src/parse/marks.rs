//! The attributes of a variant: `#[reply(…)]` and its companions.

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Meta};

use super::argument::argument;
use super::child;
use super::flow;
use super::list::{Entry, Form, entries, twice, ungrouped};
use super::value::{self, compact};
use crate::diag::Report;
use crate::model::declared::{Given, Marks, Reply};
use crate::wording::marks as say;

/// Takes our attributes out of a variant's, and reads them.
pub(crate) fn marks(attrs: &mut Vec<Attribute>, report: &mut Report) -> Marks {
    let mut marks = Marks::default();
    attrs.retain(|attr| !mark(attr, &mut marks, report));
    marks
}

/// Whether the attribute is one of ours, in which case it has been read.
fn mark(attr: &Attribute, marks: &mut Marks, report: &mut Report) -> bool {
    let Some(name) = attr.path().get_ident() else {
        return false;
    };
    let name = name.to_string();
    match name.as_str() {
        "reply" => give(&mut marks.reply, attr, report, reply),
        "timeout" => give(&mut marks.timeout, attr, report, |attr, report| {
            let paste = |value: &str| format!("#[timeout(\"{value}\")]");
            value::limit(&argument(attr, &paste("5s"), report)?, &paste, report)
        }),
        "method" => give(&mut marks.method, attr, report, |attr, report| {
            let paste = |value: &str| format!("#[method({value})]");
            value::name(&argument(attr, &paste("name"), report)?, &paste, report)
        }),
        "internal" => give(&mut marks.internal, attr, report, internal),
        "idempotent" => give(&mut marks.idempotent, attr, report, idempotent),
        "child" => give(&mut marks.child, attr, report, child::child),
        "priority" => give(&mut marks.priority, attr, report, priority),
        "every" => give(&mut marks.every, attr, report, flow::every),
        "breaker" => give(&mut marks.breaker, attr, report, flow::breaker),
        "limit" => give(&mut marks.limit, attr, report, flow::limit),
        "batch" => give(&mut marks.batch, attr, report, flow::batch),
        "latest" => give(&mut marks.latest, attr, report, flow::latest),
        _ => match say::misnamed(&name) {
            Some((message, meant)) => {
                report.at(attr.path().span(), message);
                guess(attr, meant, &mut *marks, report);
            }
            None => return false,
        },
    }
    true
}

/// Reads an attribute that has just been reported as what it was meant to be: what follows from it
/// elsewhere is no further mistake.
pub(super) fn guess(attr: &Attribute, meant: Option<&str>, marks: &mut Marks, report: &Report) {
    marks.uncertain = true;
    let mut unheard = Report::unheard();
    let at = attr.path().span();
    match meant {
        Some("reply") if marks.reply.is_none() => {
            let value = sound_reply(attr, &mut unheard).unwrap_or_else(|| mistaken(report));
            let value = Some(value);
            marks.reply = Some(Given { at, value });
        }
        Some("method") if marks.method.is_none() => {
            let value = argument(attr, "", &mut unheard)
                .and_then(|name| value::name(&name, &str::to_owned, &mut unheard));
            marks.method = Some(Given { at, value });
        }
        Some("child") if marks.child.is_none() => {
            let value = child::child(attr, &mut unheard);
            marks.child = Some(Given { at, value });
        }
        Some("internal") if marks.internal.is_none() => {
            marks.internal = Some(Given {
                at,
                value: Some(()),
            });
        }
        Some("breaker") if marks.breaker.is_none() => {
            let value = flow::breaker(attr, &mut unheard);
            marks.breaker = Some(Given { at, value });
        }
        Some("limit") if marks.limit.is_none() => {
            let value = flow::limit(attr, &mut unheard);
            marks.limit = Some(Given { at, value });
        }
        Some("batch") if marks.batch.is_none() => {
            let value = flow::batch(attr, &mut unheard);
            marks.batch = Some(Given { at, value });
        }
        Some("latest") if marks.latest.is_none() => {
            let value = flow::latest(attr, &mut unheard);
            marks.latest = Some(Given { at, value });
        }
        Some("idempotent") if marks.idempotent.is_none() => {
            let value = Some(());
            marks.idempotent = Some(Given { at, value });
        }
        Some("every") if marks.every.is_none() => {
            let value = flow::every(attr, &mut unheard);
            marks.every = Some(Given { at, value });
        }
        Some("priority") if marks.priority.is_none() => {
            marks.priority = Some(Given {
                at,
                value: Some(true),
            });
        }
        _ => {}
    }
}

fn give<T>(
    place: &mut Option<Given<T>>,
    attr: &Attribute,
    report: &mut Report,
    read: impl FnOnce(&Attribute, &mut Report) -> Option<T>,
) {
    let at = attr.path().span();
    if let Some(first) = place {
        let name = format!("#[{}]", attr.path().to_token_stream());
        return twice(first.at, at, &name, report);
    }
    *place = Some(Given {
        at,
        value: read(attr, report),
    });
}

fn internal(attr: &Attribute, report: &mut Report) -> Option<()> {
    match &attr.meta {
        Meta::Path(_) => {}
        Meta::List(list) => report.on(&list.tokens, say::internal_with_argument()),
        Meta::NameValue(pair) => report.on(&pair.value, say::internal_with_argument()),
    }
    Some(())
}

fn idempotent(attr: &Attribute, report: &mut Report) -> Option<()> {
    match &attr.meta {
        Meta::Path(_) => {}
        Meta::List(list) => report.on(&list.tokens, say::idempotent_with_argument()),
        Meta::NameValue(pair) => report.on(&pair.value, say::idempotent_with_argument()),
    }
    Some(())
}

/// Whether the priority is high. A mistaken one was most likely meant to be.
fn priority(attr: &Attribute, report: &mut Report) -> Option<bool> {
    let tokens = match &attr.meta {
        Meta::NameValue(pair) => {
            report.on(&pair.value, say::priority_with_equals());
            return Some(true);
        }
        _ => match argument(attr, "#[priority(high)]", report) {
            Some(tokens) => tokens,
            None => return Some(true),
        },
    };
    value::priority(&tokens, report)
}

/// A reply in any case: a mistaken one has a type that says so.
fn reply(attr: &Attribute, report: &mut Report) -> Option<Reply> {
    Some(sound_reply(attr, report).unwrap_or_else(|| mistaken(report)))
}

/// The reply that says the latest mistake.
fn mistaken(report: &Report) -> Reply {
    Reply {
        answer: report.latest_as_type(),
        error: None,
        deferred: false,
    }
}

/// `T`, then `error = E` and `deferred`, or one of them, or neither.
fn sound_reply(attr: &Attribute, report: &mut Report) -> Option<Reply> {
    let tokens = match &attr.meta {
        Meta::List(list) if !list.tokens.is_empty() => list.tokens.clone(),
        Meta::NameValue(pair) => {
            report.on(
                &pair.value,
                say::argument_with_equals("reply", &compact(&pair.value.to_token_stream())),
            );
            return None;
        }
        _ => {
            report.at(attr.path().span(), say::reply_without_type());
            return None;
        }
    };
    let mut given = entries(tokens).into_iter();
    let first = given.next()?;
    if matches!(first.form, Form::Value(_) | Form::Missing) {
        report.on(
            &first.tokens,
            say::reply_begins_with_option(&compact(&first.tokens)),
        );
        return None;
    }
    let answer = value::ty(
        &ungrouped(first.tokens.clone()),
        &|ty| format!("#[reply({ty})]"),
        report,
    );
    let mut error: Option<(Span, Option<syn::Type>)> = None;
    let mut deferred: Option<Span> = None;
    let mut sound = true;
    for entry in given {
        match (
            reply_option(&entry, &first.tokens, report),
            &error,
            deferred,
        ) {
            (None, ..) => sound = false,
            (Some(ReplyOption::Error(at, _)), Some((earlier, _)), _) => {
                twice(*earlier, at, "error", report);
            }
            (Some(ReplyOption::Error(at, tokens)), None, _) => {
                let ty = value::ty(&tokens, &|ty| format!("error = {ty}"), report);
                error = Some((at, ty));
            }
            (Some(ReplyOption::Deferred(at)), _, Some(earlier)) => {
                twice(earlier, at, "deferred", report);
            }
            (Some(ReplyOption::Deferred(at)), _, None) => deferred = Some(at),
        }
    }
    let deferred = deferred.is_some();
    let error = match error {
        Some((_, None)) => return None,
        Some((_, Some(ty))) => Some(ty),
        None => None,
    };
    if sound {
        answer.map(|answer| Reply {
            answer,
            error,
            deferred,
        })
    } else {
        None
    }
}

/// What may follow the type of a reply, and where it stands.
enum ReplyOption {
    /// `error = E`, with the tokens of the type.
    Error(Span, TokenStream),
    Deferred(Span),
}

fn reply_option(entry: &Entry, answer: &TokenStream, report: &mut Report) -> Option<ReplyOption> {
    let answer = compact(answer);
    let text = compact(&entry.tokens);
    let Some(key) = &entry.key else {
        report.on(&entry.tokens, say::second_reply_type(&answer, &text));
        return None;
    };
    let name = key.to_string();
    match &entry.form {
        Form::Value(tokens) if name == "error" => {
            return Some(ReplyOption::Error(key.span(), tokens.clone()));
        }
        Form::Word if name == "deferred" => return Some(ReplyOption::Deferred(key.span())),
        Form::Value(_) | Form::List(_) | Form::Missing if name == "deferred" => {
            report.on(&entry.tokens, say::deferred_with_value(&answer));
        }
        Form::Word | Form::Missing if name == "error" => {
            report.at(key.span(), say::error_without_type(&answer));
        }
        Form::List(inner) if name == "error" => {
            report.on(
                &entry.tokens,
                say::error_in_parentheses(&answer, &compact(inner)),
            );
        }
        Form::Value(_) | Form::Missing => report.at(key.span(), say::unknown_reply_option(&name)),
        Form::Word if say::meant_option(&name) == Some("deferred") => {
            report.at(key.span(), say::unknown_reply_option(&name));
        }
        _ => report.on(&entry.tokens, say::second_reply_type(&answer, &text)),
    }
    None
}
