//! The names that users give to generated items are nobody else's, and parameters are those of fields.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;

use crate::diag::Report;
use crate::model::declared::{Given, Options};
use crate::model::names::plain;
use crate::syntax::ItemEnum;
use crate::tokens::mention;
use crate::wording::checks as say;

/// Those that are another's are reported, and forgotten.
pub(super) fn check(options: &mut Options, item: &ItemEnum, supervisor: bool, report: &mut Report) {
    let actor = plain(&item.ident);
    let mut taken = vec![(actor.clone(), "the enum itself")];
    let made = |suffix: &str| format!("{actor}{suffix}");
    taken.push((made("Kind"), "its kinds"));
    if supervisor {
        taken.push((made("Children"), "the trait of the factories"));
        taken.push((made("Child"), "its children"));
        taken.push((made("Context"), "the trait of its context"));
    }
    let usual = [
        ("handle", made("Handle"), "the handle"),
        ("trait", made("Actor"), "the trait of the handlers"),
        ("double", made("Double"), "the double"),
    ];
    // What has its usual name is there first.
    let given = [
        named(&options.handle),
        named(&options.interface),
        named_double(&options.double),
    ];
    for ((option, name, what), given) in usual.iter().zip(&given) {
        let there = *option != "double" || options.double.is_some();
        if given.is_none() && there {
            taken.push((name.clone(), *what));
        }
    }
    for ((option, _, what), given) in usual.iter().zip(given) {
        let Some(given) = given else {
            continue;
        };
        let name = plain(&given);
        if let Some((_, other)) = taken.iter().find(|(other, _)| *other == name) {
            report.at(given.span(), say::same_name(option, &name, other));
            match *option {
                "handle" => forget(&mut options.handle),
                "trait" => forget(&mut options.interface),
                _ => forget(&mut options.double),
            }
        }
        taken.push((name, *what));
    }
}

fn forget<T>(place: &mut Option<Given<T>>) {
    if let Some(given) = place {
        given.value = None;
    }
}

fn named(given: &Option<Given<Ident>>) -> Option<Ident> {
    given.as_ref()?.value.clone()
}

fn named_double(given: &Option<Given<Option<Ident>>>) -> Option<Ident> {
    given.as_ref()?.value.clone()?
}

/// Whether a parameter is in no field. It is reported.
pub(super) fn any_unused(item: &ItemEnum, report: &mut Report) -> bool {
    let mut fields = TokenStream::new();
    for variant in &item.variants {
        for field in &variant.fields {
            field.ty.to_tokens(&mut fields);
        }
    }
    let mut any = false;
    for parameter in item.generics.type_params() {
        if !mention(fields.clone(), std::slice::from_ref(&parameter.ident)) {
            let (name, actor) = (plain(&parameter.ident), plain(&item.ident));
            report.at(parameter.ident.span(), say::unused_parameter(&name, &actor));
            any = true;
        }
    }
    any
}
