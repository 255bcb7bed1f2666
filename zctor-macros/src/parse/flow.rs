//! The attributes that say how many messages come, and when.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::{Attribute, Meta};

use super::argument::argument;
use super::list::{Form, entries};
use super::settings::{Key, Mark, Wants, commas, number, read, settings};
use super::value::{self, Span, compact};
use crate::diag::Report;
use crate::model::declared::{LatestMark, LimitMark, Settings, Value};
use crate::wording::{flow as say, values};

const ANY: u64 = u32::MAX as u64;

const BREAKER: Mark = Mark {
    name: "breaker",
    keys: &[
        key("failures", Wants::Number(ANY), "5"),
        key("calls", Wants::Number(1_000_000), "20"),
        key("time", Wants::Duration, "\"60s\""),
        key("minimum", Wants::Number(ANY), "10"),
        key("rate", Wants::Number(100), "50"),
        key("slow", Wants::Duration, "\"2s\""),
        key("slow_rate", Wants::Number(100), "80"),
        key("recovery", Wants::Duration, "\"30s\""),
        key("successes", Wants::Number(ANY), "3"),
        key("trials", Wants::Number(ANY), "1"),
        key("ignore", Wants::Path, "is_harmless"),
    ],
    foreign: &[
        (
            &[
                "threshold",
                "failure_threshold",
                "max_failures",
                "max_errors",
                "errors",
                "fuse",
                "trip",
            ],
            "failures",
        ),
        (
            &[
                "timeout",
                "reset",
                "reset_timeout",
                "cooldown",
                "wait",
                "open_for",
                "break_duration",
                "sleep",
                "delay",
            ],
            "recovery",
        ),
        (&["success_threshold", "successful"], "successes"),
        (
            &[
                "half_open",
                "half_open_calls",
                "permitted",
                "probes",
                "probe",
                "concurrency",
            ],
            "trials",
        ),
        (&["window_size", "count", "last", "window"], "calls"),
        (
            &["window_time", "sampling", "within", "duration", "period"],
            "time",
        ),
        (
            &["minimum_calls", "minimum_throughput", "min", "least"],
            "minimum",
        ),
        (&["failure_rate", "percent", "percentage", "ratio"], "rate"),
        (&["slow_call", "slow_after", "call_timeout"], "slow"),
        (&["slow_call_rate"], "slow_rate"),
        (
            &[
                "ignored",
                "except",
                "unless",
                "predicate",
                "ignore_if",
                "filter",
            ],
            "ignore",
        ),
    ],
};

const BATCH: Mark = Mark {
    name: "batch",
    keys: &[
        key("max", Wants::Number(ANY), "100"),
        key("within", Wants::Duration, "\"10ms\""),
    ],
    foreign: &[
        (
            &[
                "size", "count", "len", "limit", "capacity", "max_size", "max_len", "items", "n",
            ],
            "max",
        ),
        (
            &[
                "timeout",
                "delay",
                "every",
                "linger",
                "time",
                "interval",
                "wait",
                "age",
                "max_delay",
                "after",
            ],
            "within",
        ),
    ],
};

const LIMIT: Mark = Mark {
    name: "limit",
    keys: &[
        key("per", Wants::Duration, "\"1s\""),
        key("burst", Wants::Number(ANY), "10"),
        key("overflow", Wants::Word(&["reject", "wait"]), "reject"),
    ],
    foreign: &[
        (
            &[
                "every", "within", "interval", "period", "window", "time", "in",
            ],
            "per",
        ),
        (
            &[
                "policy",
                "on_full",
                "when_full",
                "exceeded",
                "full",
                "strategy",
            ],
            "overflow",
        ),
        (&["bucket", "capacity", "size", "max"], "burst"),
    ],
};

const COUNT: Key = key("limit", Wants::Number(ANY), "100");

const fn key(name: &'static str, wants: Wants, example: &'static str) -> Key {
    Key {
        name,
        wants,
        example,
    }
}

/// The period of ticks.
pub(super) fn every(attr: &Attribute, report: &mut Report) -> Option<Duration> {
    let period = Span {
        usual: "1s",
        zero: &say::zero_period,
        too_long: &values::too_long,
    };
    let paste = |value: &str| format!("#[every(\"{value}\")]");
    let tokens = argument(attr, &paste(period.usual), report)?;
    value::span(&tokens, &period, &paste, report)
}

/// What is in the parentheses of an attribute that can do without them.
fn inside(attr: &Attribute, name: &str, report: &mut Report) -> Option<TokenStream> {
    match &attr.meta {
        Meta::Path(_) => Some(TokenStream::new()),
        Meta::List(list) => Some(list.tokens.clone()),
        Meta::NameValue(pair) => {
            report.on(&pair.value, say::options_with_equals(name));
            None
        }
    }
}

pub(super) fn breaker(attr: &Attribute, report: &mut Report) -> Option<Settings> {
    Some(settings(
        &BREAKER,
        inside(attr, BREAKER.name, report)?,
        report,
    ))
}

pub(super) fn batch(attr: &Attribute, report: &mut Report) -> Option<Settings> {
    let tokens = inside(attr, BATCH.name, report)?;
    Some(settings(&BATCH, tokens, report))
}

const LATEST: Mark = Mark {
    name: "latest",
    keys: &[key("by", Wants::Field, "key")],
    foreign: &[(
        &["key", "field", "on", "per", "group_by", "id", "for", "of"],
        "by",
    )],
};

pub(super) fn latest(attr: &Attribute, report: &mut Report) -> Option<LatestMark> {
    let tokens = inside(attr, LATEST.name, report)?;
    let all = entries(tokens);
    if let [only] = all.as_slice()
        && let Form::Word = only.form
        && only.key.as_ref().is_some_and(|key| key != "by")
    {
        report.on(&only.tokens, say::field_alone(&compact(&only.tokens)));
        return None;
    }
    let mut settings = read(&LATEST, all, report);
    if settings.uncertain {
        return None;
    }
    let by = settings.all.pop().and_then(|by| match by.value? {
        Value::Field(field) => Some(field),
        _ => None,
    });
    Some(LatestMark { by })
}

/// A number, and then options.
pub(super) fn limit(attr: &Attribute, report: &mut Report) -> Option<LimitMark> {
    let tokens = match &attr.meta {
        Meta::NameValue(pair) => {
            report.on(
                &pair.value,
                say::limit_with_equals(&compact(&quote::ToTokens::to_token_stream(&pair.value))),
            );
            return None;
        }
        _ => argument(attr, "#[limit(100, per = \"1s\")]", report)?,
    };
    let mut all = commas(entries(tokens), report);
    let first = all
        .first()
        .filter(|first| !matches!(first.form, Form::Value(_) | Form::Missing));
    let Some(first) = first else {
        if let Some(first) = all.first() {
            report.on(&first.tokens, say::limit_without_number());
        }
        return None;
    };
    let count = number(&COUNT, ANY, &first.tokens, report);
    all.remove(0);
    let settings = read(&LIMIT, all, report);
    Some(LimitMark { count, settings })
}
