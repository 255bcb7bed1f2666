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
    let made: Vec<(String, String)> = item
        .variants
        .iter()
        .zip(marks)
        .zip(methods.iter())
        .filter(|((variant, marks), _)| marks.batch.is_some() && always(variant))
        .filter_map(|((variant, _), method)| {
            let method = method.as_ref().filter(|method| method.on_handle)?;
            Some((plain(&variant.ident), plain(&method.ident)))
        })
        .flat_map(|(variant, method)| {
            ["flush", "configure"].map(|verb| (format!("{verb}_{method}"), variant.clone()))
        })
        .collect();
    for (variant, method) in item.variants.iter().zip(methods.iter_mut()) {
        let Some(method) = method.as_mut().filter(|method| method.on_handle) else {
            continue;
        };
        if !always(variant) {
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
