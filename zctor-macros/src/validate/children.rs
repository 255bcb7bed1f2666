//! The children of a supervisor.

use std::time::Duration;

use proc_macro2::Ident;
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{Fields, Type};

use super::attributes;
use crate::diag::Report;
use crate::model::declared::{
    AutoShutdown, ChildMark, Given, Marks, Options, Restart, Strategy, Supervising,
};
use crate::model::generics::Generics;
use crate::model::names::{identifier, landing, located, plain, snake_case};
use crate::model::supervisor::{Child, Supervisor};
use crate::parse::value::compact;
use crate::syntax::ItemEnum;
use crate::wording::checks::Owner;
use crate::wording::{checks, supervisor as say};

/// What every supervisor's handle has, besides what every handle has.
const ADMINISTRATION: &[&str] = &[
    "which_children",
    "count_children",
    "restart_child",
    "terminate_child",
    "delete_child",
    "start_child",
    "running_tree",
];
const HANDLE: &[&str] = &["tell", "stop", "kill", "actor", "clone"];

/// Takes the children out of the variants: what is left are messages.
pub(super) fn take(item: &mut ItemEnum, marks: &mut Vec<Marks>) -> Vec<(syn::Variant, Marks)> {
    let variants = std::mem::take(&mut item.variants);
    let (mut children, mut messages) = (Vec::new(), Vec::new());
    for (variant, marks) in variants.into_iter().zip(std::mem::take(marks)) {
        match marks.child {
            Some(_) => children.push((variant, marks)),
            None => messages.push((variant, marks)),
        }
    }
    for (variant, mark) in messages {
        item.variants.push(variant);
        marks.push(mark);
    }
    children
}

/// The supervisor, of the children that were taken out. `taken` are the methods of messages, each with
/// its variant.
pub(super) fn supervisor(
    item: &ItemEnum,
    declared: Vec<(syn::Variant, Marks)>,
    options: &Options,
    generics: &Generics,
    mut taken: Vec<(String, String)>,
    report: &mut Report,
) -> Supervisor {
    let name = plain(&item.ident);
    if declared.is_empty() {
        report.at(item.ident.span(), say::no_children(&name));
    }
    let made =
        |suffix: &str| format_ident!("{}{}", name, suffix, span = landing(item.ident.span()));
    let own = &options.supervising;
    let uncertain = options.uncertain || declared.iter().any(|(_, marks)| marks.uncertain);
    let mut children = Vec::new();
    for (variant, marks) in declared {
        if let Some(mut child) = child(&variant, marks, &name, generics, report)
            && names(&mut child, &mut taken, report)
        {
            children.push(child);
        }
    }
    let auto_shutdown = significance(own, &children, uncertain, report);
    Supervisor {
        factories: made("Children"),
        child: made("Child"),
        context: made("Context"),
        strategy: given(&own.strategy).unwrap_or(Strategy::OneForOne),
        max_restarts: given(&own.max_restarts).unwrap_or_else(|| quote!(3)),
        within: given(&own.within).unwrap_or(Duration::from_secs(60)),
        auto_shutdown,
        backoff: given(&own.backoff),
        children,
    }
}

fn given<T: Clone>(given: &Option<Given<T>>) -> Option<T> {
    given.as_ref().and_then(|given| given.value.clone())
}

fn significance(
    own: &Supervising,
    children: &[Child],
    uncertain: bool,
    report: &mut Report,
) -> AutoShutdown {
    let auto_shutdown = given(&own.auto_shutdown).unwrap_or(AutoShutdown::Never);
    let mistaken = own
        .auto_shutdown
        .as_ref()
        .is_some_and(|given| given.value.is_none());
    let mut significant = children.iter().filter(|child| child.significant);
    match auto_shutdown {
        AutoShutdown::Never if !uncertain && !mistaken => {
            for child in significant {
                report.at(child.at, say::significant_never(&child.variant));
            }
        }
        AutoShutdown::AnySignificant | AutoShutdown::AllSignificant
            if !uncertain && significant.next().is_none() =>
        {
            if let Some(given) = &own.auto_shutdown {
                report.at(given.at, say::nobody_significant());
            }
        }
        _ => {}
    }
    auto_shutdown
}

fn child(
    variant: &syn::Variant,
    marks: Marks,
    supervisor: &str,
    generics: &Generics,
    report: &mut Report,
) -> Option<Child> {
    let name = plain(&variant.ident);
    let at = variant.ident.span();
    useless_marks(&name, &marks, report);
    let mark = marks
        .child
        .and_then(|given| given.value)
        .unwrap_or_default();
    let method = marks.method.as_ref().and_then(|given| given.value.clone());
    let method_at = method.as_ref().map_or(at, Ident::span);
    let snake = snake_case(&name);
    let Some(method) = method.or_else(|| identifier(&snake, method_at)) else {
        if marks.method.is_none() {
            report.at(at, checks::no_method_name(&name, &snake));
        }
        return None;
    };
    let types = types(variant, &name, report)?;
    let (ty, arguments) = types.split_first()?;
    conflicts(&name, ty, arguments, &mark, supervisor, report);
    let text = plain(&method);
    let documentation = attributes::documentation(&variant.attrs, &generics.actor);
    let mut named = Vec::new();
    for (at, ty) in arguments.iter().enumerate() {
        let name = match arguments.len() {
            1 => format_ident!("value"),
            _ => format_ident!("arg{}", at),
        };
        named.push((name, generics.outside(ty)));
    }
    // What would start itself was meant to be dynamic.
    let dynamic = mark.dynamic.is_some() || names_itself(ty, supervisor);
    let restart = match (given(&mark.restart), dynamic) {
        (Some(restart), _) => restart,
        (None, true) => Restart::Temporary,
        (None, false) => Restart::Permanent,
    };
    let made = |text: String| format_ident!("{}", text, span = landing(method_at));
    Some(Child {
        at,
        ident: located(&variant.ident, landing(at)),
        variant: name,
        plural: Some(made(plural(&text))),
        start: made(format!("start_{text}")),
        method: located(&method, landing(method_at)),
        text,
        cfg: attributes::cfg(&variant.attrs),
        documented: documentation.says_something,
        docs: documentation.attrs,
        deprecated: attributes::named(&variant.attrs, "deprecated"),
        ty: generics.outside(ty),
        arguments: named,
        restart,
        shutdown: mark
            .shutdown
            .as_ref()
            .and_then(|given| Some((given.at, given.value?))),
        significant: mark.significant.is_some(),
        dynamic,
        // A mistaken count is still one: the factory is what it will be.
        count: mark
            .count
            .filter(|_| !dynamic)
            .map(|count| count.value.unwrap_or_else(|| quote!(1))),
    })
}

/// Attributes of messages.
fn useless_marks(name: &str, marks: &Marks, report: &mut Report) {
    let marks = [
        ("reply", marks.reply.as_ref().map(|given| given.at)),
        ("timeout", marks.timeout.as_ref().map(|given| given.at)),
        ("internal", marks.internal.as_ref().map(|given| given.at)),
        ("priority", marks.priority.as_ref().map(|given| given.at)),
        ("every", marks.every.as_ref().map(|given| given.at)),
        ("breaker", marks.breaker.as_ref().map(|given| given.at)),
        ("limit", marks.limit.as_ref().map(|given| given.at)),
        ("batch", marks.batch.as_ref().map(|given| given.at)),
        ("latest", marks.latest.as_ref().map(|given| given.at)),
        (
            "idempotent",
            marks.idempotent.as_ref().map(|given| given.at),
        ),
    ];
    for (mark, at) in marks {
        if let Some(at) = at {
            report.at(at, say::mark_on_child(mark, name));
        }
    }
}

/// The types of the fields, of which there is at least one.
fn types<'a>(variant: &'a syn::Variant, name: &str, report: &mut Report) -> Option<Vec<&'a Type>> {
    match &variant.fields {
        Fields::Unnamed(fields) if !fields.unnamed.is_empty() => {
            let mut types = Vec::new();
            for field in &fields.unnamed {
                types.push(&field.ty);
            }
            Some(types)
        }
        Fields::Named(fields) if !fields.named.is_empty() => {
            let first = fields.named.iter().next()?.ty.to_token_stream();
            report.on(fields, say::child_with_names(name, &compact(&first)));
            None
        }
        _ => {
            report.at(variant.ident.span(), say::child_without_type(name));
            None
        }
    }
}

fn conflicts(
    name: &str,
    ty: &Type,
    arguments: &[&Type],
    mark: &ChildMark,
    supervisor: &str,
    report: &mut Report,
) {
    if let (Some(_), Some(count)) = (&mark.dynamic, &mark.count) {
        report.at(count.at, say::count_of_dynamic(name));
    }
    if mark.dynamic.is_none() {
        if let Some(first) = arguments.first() {
            report.on(first, say::arguments_of_declared(name));
        }
        if names_itself(ty, supervisor) {
            report.at(ty.span(), say::child_of_itself(supervisor));
        }
    }
    let permanent = match &mark.restart {
        Some(given) => given.value == Some(Restart::Permanent),
        None => mark.dynamic.is_none(),
    };
    if let Some(significant) = &mark.significant
        && permanent
    {
        report.at(significant.at, say::significant_permanent(name));
    }
}

fn names_itself(ty: &Type, supervisor: &str) -> bool {
    let Type::Path(path) = ty else {
        return false;
    };
    let only = path.qself.is_none() && path.path.segments.len() == 1;
    let mut segments = path.path.segments.iter();
    only && segments.any(|segment| {
        let name = plain(&segment.ident);
        name == supervisor || name == "Self"
    })
}

/// The names that a child has on the handle must be nobody else's. False if it cannot do without
/// one that is.
fn names(child: &mut Child, taken: &mut Vec<(String, String)>, report: &mut Report) -> bool {
    let mut all = vec![child.text.clone()];
    if child.dynamic {
        all.push(child.start.to_string());
    }
    let mut free = true;
    for method in all {
        free &= is_free(child, &method, taken, report);
        taken.push((method, child.variant.clone()));
    }
    if let Some(plural) = child.plural.take().filter(|_| !child.is_single()) {
        let method = plural.to_string();
        if is_free(child, &method, taken, report) {
            child.plural = Some(plural);
        }
        taken.push((method, child.variant.clone()));
    }
    free
}

fn is_free(child: &Child, method: &str, taken: &[(String, String)], report: &mut Report) -> bool {
    let message = if ADMINISTRATION.contains(&method) {
        say::reserved(&child.variant, method)
    } else if HANDLE.contains(&method) {
        checks::reserved(&child.variant, method, Owner::Handle, false)
    } else {
        let other = taken.iter().find(|(name, _)| name == method);
        match other.filter(|_| child.cfg.is_empty()) {
            Some((_, other)) => say::same_method(&child.variant, other, method),
            None => return true,
        }
    };
    report.at(child.at, message);
    false
}

/// More of them.
fn plural(name: &str) -> String {
    let hisses = ["s", "x", "z", "ch", "sh"];
    let stem = name.strip_suffix('y').filter(|stem| {
        let last = stem.chars().next_back();
        last.is_some_and(|last| !"aeiou".contains(last))
    });
    match stem {
        Some(stem) => format!("{stem}ies"),
        None if hisses.iter().any(|end| name.ends_with(end)) => format!("{name}es"),
        None => format!("{name}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_read_as_english() {
        for (one, many) in [
            ("packer", "packers"),
            ("box", "boxes"),
            ("class", "classes"),
            ("batch", "batches"),
            ("proxy", "proxies"),
            ("relay", "relays"),
        ] {
            assert_eq!(plural(one), many);
        }
    }
}
