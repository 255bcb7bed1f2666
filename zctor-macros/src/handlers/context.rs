//! The context among a handler's parameters.

use quote::ToTokens;
use syn::{FnArg, ImplItemFn, PathArguments, Type, parse_quote};

use crate::diag::Report;
use crate::model::names::plain;
use crate::parse::value::compact;
use crate::wording::handlers as say;

/// Whether the last parameter is the context. Contexts in other places or forms are reported, and put right.
pub(super) fn context(function: &mut ImplItemFn, protocol: &Type, report: &mut Report) -> bool {
    let expected = compact(&protocol.to_token_stream());
    let mut all: Vec<FnArg> = std::mem::take(&mut function.sig.inputs)
        .into_iter()
        .collect();
    let last = all.len().saturating_sub(1);
    let mut moved: Option<FnArg> = None;
    let mut kept = Vec::new();
    for (at, mut input) in all.drain(..).enumerate() {
        if let FnArg::Typed(typed) = &mut input
            && let Some(form) = context_form(&typed.ty, protocol)
        {
            let sound = form == Form::Mutable;
            if at != last {
                report.on(&*typed, say::context_not_last());
            } else if !sound {
                report.on(
                    &typed.ty,
                    say::context_type(&expected, &compact(&typed.ty.to_token_stream())),
                );
            }
            if !sound {
                let inner = bare(&typed.ty).clone();
                *typed.ty = parse_quote!(&mut #inner);
            }
            moved = Some(input);
        } else {
            kept.push(input);
        }
    }
    let takes = moved.is_some();
    kept.extend(moved);
    function.sig.inputs = kept.into_iter().collect();
    takes
}

#[derive(PartialEq)]
enum Form {
    Mutable,
    Mistaken,
}

/// Whether the parameter is a context, in whatever form.
pub(super) fn is_context(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(typed) if names_context(bare(&typed.ty)).is_some())
}

/// How a context is taken, if the type is one.
fn context_form(ty: &Type, protocol: &Type) -> Option<Form> {
    match ungrouped(ty) {
        Type::Reference(reference) => {
            names_context(&reference.elem)?;
            match (&reference.mutability, &reference.lifetime) {
                (Some(_), _) => Some(Form::Mutable),
                (None, Some(lifetime)) if lifetime.ident == "static" => None,
                (None, _) => Some(Form::Mistaken),
            }
        }
        // A message may well have a field of some type `Context`: only that of this actor is meant here.
        other => (names_context(other)? == last_name(protocol)).then_some(Form::Mistaken),
    }
}

/// The name of the `P` in a `Context<P>`; the empty one of a mere `Context`.
fn names_context(ty: &Type) -> Option<String> {
    let Type::Path(path) = ungrouped(ty) else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Context")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return Some(String::new());
    };
    let protocol = arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(last_name(ty)),
        _ => None,
    });
    Some(protocol.unwrap_or_default())
}

fn last_name(ty: &Type) -> String {
    match ungrouped(ty) {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|last| plain(&last.ident))
            .unwrap_or_default(),
        _ => "?".to_owned(),
    }
}

fn bare(ty: &Type) -> &Type {
    match ungrouped(ty) {
        Type::Reference(reference) => &reference.elem,
        other => other,
    }
}

fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}
