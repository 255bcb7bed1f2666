//! The attributes that say how many messages come, and when: what they cannot be put on.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{Lit, Path};

use super::attributes;
use crate::diag::Report;
use crate::model::actor::{Batching, Breaker, Latest, Limit};
use crate::model::declared::{LatestMark, LimitMark, Marks, Settings, Value};
use crate::model::generics::Generics;
use crate::model::names::plain;
use crate::syntax::ItemEnum;
use crate::wording::flow as say;

pub(super) fn check(item: &ItemEnum, marks: &[Marks], report: &mut Report) {
    let actor = plain(&item.ident);
    for (variant, marks) in item.variants.iter().zip(marks) {
        ticks(variant, marks, &actor, report);
        let name = plain(&variant.ident);
        breakers(marks, &name, report);
        limits(marks, &name, report);
        batches(variant, marks, &name, report);
        latests(variant, marks, &name, report);
        if let (Some(given), None, false) = (&marks.idempotent, &marks.reply, marks.uncertain) {
            report.at(given.at, say::idempotent_tell(&name));
        }
    }
}

fn ticks(variant: &syn::Variant, marks: &Marks, actor: &str, report: &mut Report) {
    let Some(every) = &marks.every else {
        return;
    };
    let name = plain(&variant.ident);
    if !variant.fields.is_empty() {
        report.on(&variant.fields, say::tick_with_fields(&name, actor));
    }
    if let Some(reply) = &marks.reply {
        report.at(every.at, say::tick_here(&name));
        report.at(reply.at, say::tick_with_reply(&name));
    }
}

/// The period in which the clock sends a message, if it can.
pub(super) fn period(variant: &syn::Variant, marks: &Marks) -> Option<Duration> {
    let period = marks.every.as_ref()?.value?;
    (variant.fields.is_empty() && marks.reply.is_none()).then_some(period)
}

/// The number that an option is given, if it is a literal.
fn number(settings: &Settings, name: &str) -> Option<u64> {
    match &settings.given(name)?.value {
        Some(Value::Number(tokens)) => literal(tokens),
        _ => None,
    }
}

fn literal(tokens: &TokenStream) -> Option<u64> {
    match syn::parse2(tokens.clone()) {
        Ok(Lit::Int(number)) => number.base10_parse().ok(),
        _ => None,
    }
}

fn breakers(marks: &Marks, name: &str, report: &mut Report) {
    let Some(breaker) = &marks.breaker else {
        return;
    };
    if marks.reply.is_none() && !marks.uncertain {
        report.at(breaker.at, say::breaker_of_a_tell(name));
    }
    let Some(settings) = &breaker.value else {
        return;
    };
    let (calls, time) = (settings.given("calls"), settings.given("time"));
    if let (Some(calls), Some(time)) = (calls, time) {
        report.at(calls.at, say::window_here("calls"));
        report.at(time.at, say::two_windows());
    }
    let window = calls.or(time);
    match (window, settings.given("failures")) {
        (Some(_), Some(failures)) => report.at(failures.at, say::failures_with_a_window()),
        (Some(_), None) => {}
        (None, _) if settings.uncertain => {}
        (None, _) => {
            for key in ["minimum", "rate", "slow_rate"] {
                if let Some(given) = settings.given(key) {
                    report.at(given.at, say::without_a_window(key));
                }
            }
        }
    }
    if let (Some(_), Some(rate), None) =
        (window, settings.given("slow_rate"), settings.given("slow"))
        && !settings.uncertain
    {
        report.at(rate.at, say::slow_rate_without_slow());
    }
    if let Some((minimum, calls)) = minimum_beyond_calls(settings)
        && let Some(given) = settings.given("minimum")
    {
        report.at(given.at, say::minimum_beyond_calls(minimum, calls));
    }
    if let Some((trials, successes)) = trials_beyond_successes(settings)
        && let Some(given) = settings.given("trials")
    {
        report.at(given.at, say::trials_beyond_successes(trials, successes));
    }
}

/// More calls than there are in the window.
fn minimum_beyond_calls(settings: &Settings) -> Option<(u64, u64)> {
    let both = (number(settings, "minimum")?, number(settings, "calls")?);
    (both.0 > both.1).then_some(both)
}

/// More calls at a time than have to succeed.
fn trials_beyond_successes(settings: &Settings) -> Option<(u64, u64)> {
    let successes = match settings.given("successes") {
        Some(_) => number(settings, "successes")?,
        // They close a breaker where nothing else is said.
        None => 3,
    };
    let trials = number(settings, "trials")?;
    (trials > successes).then_some((trials, successes))
}

/// The circuit breaker of a message, if it can have one.
pub(super) fn breaker(marks: &Marks, generics: &Generics) -> Option<Breaker> {
    let given = marks.breaker.as_ref()?;
    let declared = given.value.as_ref()?;
    let beyond = minimum_beyond_calls(declared).or(trials_beyond_successes(declared));
    if marks.reply.is_none() || declared.uncertain || beyond.is_some() {
        return None;
    }
    let mut settings = Vec::new();
    let mut ignore = None;
    let mut known = true;
    for setting in &declared.all {
        match setting.value.clone()? {
            Value::Path(path) => ignore = Some(path),
            Value::Number(tokens) => {
                known &= !is_parameter(&tokens, generics);
                settings.push((setting.name, Value::Number(tokens)));
            }
            value => settings.push((setting.name, value)),
        }
    }
    Some(Breaker {
        at: given.at,
        settings,
        ignore,
        known,
    })
}

/// What is a parameter of the enum is not known where the enum stands.
fn is_parameter(tokens: &TokenStream, generics: &Generics) -> bool {
    let path = syn::parse2::<Path>(tokens.clone());
    let parameter = |path: &Path| {
        let first = path.segments.first();
        first.is_some_and(|first| generics.names.contains(&first.ident))
    };
    path.is_ok_and(|path| parameter(&path))
}

fn limits(marks: &Marks, name: &str, report: &mut Report) {
    let Some(limit) = &marks.limit else {
        return;
    };
    if marks.internal.is_some() {
        report.at(limit.at, say::limit_of_an_internal(name));
    }
    let Some(LimitMark { count, settings }) = &limit.value else {
        return;
    };
    let (Some(count), false) = (count, settings.uncertain) else {
        return;
    };
    let Some(per) = settings.given("per") else {
        report.at(limit.at, say::limit_without_per(&count.to_string()));
        return;
    };
    match extent(count, settings) {
        Some(Extent::TooFast) => report.at(per.at, say::too_fast()),
        Some(Extent::TooSlow) => report.at(per.at, say::too_slow()),
        None => {}
    }
}

/// What makes a rate one that cannot be counted with.
enum Extent {
    TooFast,
    TooSlow,
}

fn extent(count: &TokenStream, settings: &Settings) -> Option<Extent> {
    let Some(Value::Duration(per)) = &settings.given("per")?.value else {
        return None;
    };
    let count = literal(count)?;
    let interval = per.as_nanos().checked_div(u128::from(count))?;
    let burst = number(settings, "burst").unwrap_or(count);
    if interval < 100 {
        return Some(Extent::TooFast);
    }
    let whole = interval.saturating_mul(u128::from(burst));
    (whole > u128::from(u64::MAX / 4)).then_some(Extent::TooSlow)
}

/// The rate limit of a message. Where it was mistaken it is one that has the
/// same methods.
pub(super) fn limit(marks: &Marks, generics: &Generics) -> Option<Limit> {
    let given = marks.limit.as_ref()?;
    let LimitMark { count, settings } = given.value.as_ref()?;
    if marks.internal.is_some() {
        return None;
    }
    let value = |name: &str| {
        settings
            .given(name)
            .and_then(|setting| setting.value.as_ref())
    };
    let sound = !settings.uncertain
        && value("per").is_some()
        && count
            .as_ref()
            .is_some_and(|count| extent(count, settings).is_none());
    let known = |tokens: &TokenStream| !is_parameter(tokens, generics);
    let per = match value("per") {
        Some(Value::Duration(per)) if sound => *per,
        _ => Duration::from_secs(1),
    };
    let count = match count {
        Some(count) if sound => count.clone(),
        _ => quote::quote!(1),
    };
    let burst = match value("burst") {
        Some(Value::Number(burst)) if sound => Some(burst.clone()),
        _ => None,
    };
    Some(Limit {
        at: given.at,
        per,
        waits: matches!(value("overflow"), Some(Value::Word("wait"))),
        known: known(&count) && burst.as_ref().is_none_or(known),
        count,
        burst,
    })
}

fn batches(variant: &syn::Variant, marks: &Marks, name: &str, report: &mut Report) {
    let Some(batch) = &marks.batch else {
        return;
    };
    if let Some(priority) = marks
        .priority
        .as_ref()
        .filter(|given| given.value == Some(true))
    {
        report.at(batch.at, say::batch_here(name));
        report.at(priority.at, say::batch_with_priority(name));
    }
    if let Some(every) = &marks.every {
        report.at(batch.at, say::batch_here(name));
        report.at(every.at, say::batch_with_every(name));
    }
    if has_conditions(variant) {
        report.on(&variant.fields, say::batch_with_conditions(name));
    }
    if let Some(reply) = &marks.reply
        && reply.value.as_ref().is_some_and(|reply| reply.deferred)
    {
        report.at(reply.at, say::deferred_in_a_batch(name));
    }
}

fn has_conditions(variant: &syn::Variant) -> bool {
    let mut fields = variant.fields.iter();
    fields.any(|field| !attributes::cfg(&field.attrs).is_empty())
}

/// How the messages of a variant are batched, if they are. A mistaken size is still a size: the
/// handler is what it will be.
pub(super) fn batch(
    variant: &syn::Variant,
    marks: &Marks,
    generics: &Generics,
    parameter: Ident,
) -> Option<Batching> {
    let given = marks.batch.as_ref()?;
    if has_conditions(variant) {
        return None;
    }
    let value = |name: &str| given.value.as_ref()?.given(name)?.value.as_ref();
    let max = match value("max") {
        Some(Value::Number(max)) => max.clone(),
        _ => quote::quote!(100),
    };
    let within = match value("within") {
        Some(Value::Duration(within)) => *within,
        _ => Duration::from_millis(10),
    };
    Some(Batching {
        at: given.at,
        known: !is_parameter(&max, generics),
        max,
        within,
        parameter,
    })
}

fn latests(variant: &syn::Variant, marks: &Marks, name: &str, report: &mut Report) {
    let Some(latest) = &marks.latest else {
        return;
    };
    if let Some(reply) = &marks.reply {
        report.at(latest.at, say::latest_here(name));
        report.at(reply.at, say::latest_of_an_ask(name));
    }
    if marks.every.is_some() {
        report.at(latest.at, say::latest_of_a_tick(name));
    } else if marks.internal.is_some() {
        report.at(latest.at, say::latest_of_an_internal(name));
    }
    let Some(LatestMark { by: Some(by) }) = &latest.value else {
        return;
    };
    let fields = field_names(variant);
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let wanted = field_name(by);
    match (field(variant, by), variant.fields.iter()) {
        (None, _) => report.on(by, say::unknown_field(name, &wanted, &fields)),
        (Some(at), mut all) => {
            let conditional = all
                .nth(at)
                .is_some_and(|field| !attributes::cfg(&field.attrs).is_empty());
            if conditional {
                report.on(by, say::latest_by_a_conditional(name, &wanted));
            }
        }
    }
}

fn field_names(variant: &syn::Variant) -> Vec<String> {
    let mut names = Vec::new();
    for (at, field) in variant.fields.iter().enumerate() {
        names.push(match &field.ident {
            Some(name) => plain(name),
            None => at.to_string(),
        });
    }
    names
}

fn field_name(by: &TokenStream) -> String {
    let name = syn::parse2::<Ident>(by.clone());
    name.map_or_else(|_| by.to_string(), |name| plain(&name))
}

/// The place of the field by which messages are told apart.
fn field(variant: &syn::Variant, by: &TokenStream) -> Option<usize> {
    let wanted = field_name(by);
    field_names(variant).iter().position(|name| *name == wanted)
}

/// Whether only the latest message of a variant counts.
pub(super) fn latest(variant: &syn::Variant, marks: &Marks) -> Option<Latest> {
    let LatestMark { by } = marks.latest.as_ref()?.value.as_ref()?;
    if marks.reply.is_some() || marks.internal.is_some() || marks.every.is_some() {
        return None;
    }
    let by = match by {
        Some(by) => Some(field(variant, by)?),
        None => None,
    };
    let of = by.and_then(|by| variant.fields.iter().nth(by));
    if of.is_some_and(|field| !attributes::cfg(&field.attrs).is_empty()) {
        return None;
    }
    Some(Latest { by })
}
