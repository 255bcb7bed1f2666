//! The methods of the variants: their names, and whose they are already.

use proc_macro2::{Ident, Span};

use super::attributes;
use crate::diag::Report;
use crate::model::declared::Marks;
use crate::model::names::{identifier, landing, located, plain, snake_case};
use crate::syntax::ItemEnum;
use crate::wording::checks::{self as say, Owner};

const HANDLE: &[&str] = &["tell", "stop", "kill", "actor", "clone"];
const HOOKS: &[&str] = &["on_start", "on_stop", "on_restart", "ready"];

/// What is done with batches: the names of two more methods begin with it.
pub(super) const BATCH_VERBS: &[&str] = &["flush", "configure"];

pub(super) struct Method {
    pub(super) ident: Ident,
    /// Whether the handle can have it.
    pub(super) on_handle: bool,
}

struct Taken {
    variant: String,
    method: String,
    at: Span,
    conditional: bool,
}

/// The method of each variant; none for those that cannot have the one they ask for.
pub(super) fn methods(
    item: &ItemEnum,
    marks: &[Marks],
    report: &mut Report,
) -> Vec<Option<Method>> {
    let mut taken: Vec<Taken> = Vec::new();
    let mut methods = Vec::new();
    for (variant, marks) in item.variants.iter().zip(marks) {
        let name = plain(&variant.ident);
        let given = marks.method.as_ref().and_then(|given| given.value.clone());
        let at = given.as_ref().map_or(variant.ident.span(), Ident::span);
        let Some(ident) = given.clone().or_else(|| identifier(&snake_case(&name), at)) else {
            // A `#[method]` that was mistaken has been reported, and would have been the way out.
            if marks.method.is_none() {
                report.at(at, say::no_method_name(&name, &snake_case(&name)));
            }
            methods.push(None);
            continue;
        };
        let method = plain(&ident);
        let internal = marks.internal.is_some();
        let owner = match method.as_str() {
            name if HOOKS.contains(&name) => Some(Owner::Hook),
            name if HANDLE.contains(&name) && !internal => Some(Owner::Handle),
            _ => None,
        };
        if let Some(owner) = owner {
            report.at(at, say::reserved(&name, &method, owner, given.is_some()));
        }
        let conditional = !attributes::cfg(&variant.attrs).is_empty();
        let twin = taken
            .iter()
            .find(|other| other.method == method && !(conditional || other.conditional));
        let double = twin.is_some();
        // Two variants of one name are the compiler's to report.
        if let Some(twin) = twin.filter(|twin| twin.variant != name) {
            report.at(twin.at, say::same_method_first(&twin.variant, &method));
            report.at(at, say::same_method(&name, &twin.variant, &method));
        }
        let left_out = double || matches!(owner, Some(Owner::Hook));
        methods.push((!left_out).then(|| Method {
            ident: located(&ident, landing(at)),
            on_handle: !internal && owner.is_none(),
        }));
        taken.push(Taken {
            variant: name,
            method,
            at,
            conditional,
        });
    }
    batches(item, marks, &mut methods, report);
    methods
}

/// The methods that `#[batch]` makes are not those of other variants.
fn batches(item: &ItemEnum, marks: &[Marks], methods: &mut [Option<Method>], report: &mut Report) {
    // What has a condition may be there when the other is not.
    let always = |variant: &syn::Variant| attributes::cfg(&variant.attrs).is_empty();
    let mut made: Vec<(String, String)> = Vec::new();
    for ((variant, marks), method) in item.variants.iter().zip(marks).zip(methods.iter()) {
        if let Some(method) = method
            && method.on_handle
            && marks.batch.is_some()
            && always(variant)
        {
            let method = plain(&method.ident);
            for verb in BATCH_VERBS {
                made.push((format!("{verb}_{method}"), plain(&variant.ident)));
            }
        }
    }
    for (variant, method) in item.variants.iter().zip(methods) {
        let Some(method) = method else {
            continue;
        };
        if !method.on_handle || !always(variant) {
            continue;
        }
        let name = plain(&method.ident);
        if let Some((_, batched)) = made.iter().find(|(made, _)| *made == name) {
            let at = variant.ident.span();
            report.at(
                at,
                crate::wording::flow::method_of_a_batch(&plain(&variant.ident), &name, batched),
            );
            method.on_handle = false;
        }
    }
}
