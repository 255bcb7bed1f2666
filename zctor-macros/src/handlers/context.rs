//! The context among a handler's parameters.

use quote::ToTokens;
use syn::{PathArguments, Type, parse_quote};

use crate::diag::Report;
use crate::model::names::plain;
use crate::parse::value::compact;
use crate::syntax::{FnArg, ImplItemFn, Pat, PatType};
use crate::wording::handlers as say;

/// Whether the last parameter is the context. Contexts in other places or forms are reported, and put right.
pub(super) fn context(
    function: &mut ImplItemFn,
    protocol: &Type,
    state: &Type,
    report: &mut Report,
) -> bool {
    let expected = compact(&protocol.to_token_stream());
    let inputs = &mut function.sig.inputs;
    let last = inputs.len().saturating_sub(1);
    let mut moved: Option<FnArg> = None;
    for (at, mut input) in std::mem::take(inputs).into_iter().enumerate() {
        if let FnArg::Typed(typed) = &mut input
            && let Some(form) = context_form(&typed.ty, protocol, state)
                .or_else(|| (at == last && by_another_name(typed)).then_some(Form::Mutable))
        {
            if at != last {
                report.on(&*typed, say::context_not_last());
            } else {
                let written = compact(&typed.ty.to_token_stream());
                match form {
                    Form::Mutable => {}
                    Form::Mistaken => {
                        report.on(&typed.ty, say::context_type(&expected, &written));
                    }
                    Form::OfTheState => {
                        report.on(&typed.ty, say::context_of_the_state(&expected, &written));
                    }
                }
            }
            match form {
                Form::Mutable => {}
                Form::Mistaken => {
                    let inner = bare(&typed.ty).clone();
                    typed.ty = parse_quote!(&mut #inner);
                }
                Form::OfTheState => put_right(&mut typed.ty, protocol),
            }
            moved = Some(input);
        } else {
            inputs.push(input);
        }
    }
    let takes = moved.is_some();
    inputs.extend(moved);
    takes
}

#[derive(Clone, Copy)]
enum Form {
    Mutable,
    Mistaken,
    /// `&mut Context<Tally>` for a state `Tally` of the actor `Counter`.
    OfTheState,
}

/// Whether the last parameter is the context, by an alias or a name that is unknown. A message has no
/// `&mut` in it; that of a handler which takes one for a field all the same is called something else.
fn by_another_name(typed: &PatType) -> bool {
    let Type::Reference(reference) = ungrouped(&typed.ty) else {
        return false;
    };
    let borrowed = match &reference.lifetime {
        Some(lifetime) => lifetime.ident != "static",
        None => true,
    };
    let named = match &typed.pat {
        Pat::Ident(name) => {
            let name = plain(&name.ident);
            matches!(name.trim_start_matches('_'), "ctx" | "cx" | "context")
        }
        _ => false,
    };
    let ty = last_name(&reference.elem);
    let called = ["Context", "Ctx", "Cx"].iter().any(|end| ty.ends_with(end));
    reference.mutability.is_some() && borrowed && (named || called)
}

/// Makes the context that of the actor.
fn put_right(ty: &mut Type, protocol: &Type) {
    let Type::Path(path) = bare_mut(ty) else {
        return;
    };
    let last = path.path.segments.last_mut();
    let Some(PathArguments::AngleBracketed(arguments)) = last.map(|last| &mut last.arguments)
    else {
        return;
    };
    for argument in &mut arguments.args {
        if let syn::GenericArgument::Type(ty) = argument {
            *ty = protocol.clone();
        }
    }
}

/// Whether the parameter is a context, in whatever form.
pub(super) fn is_context(input: &FnArg) -> bool {
    matches!(input, FnArg::Typed(typed) if names_context(bare(&typed.ty)).is_some())
}

/// How a context is taken, if the type is one.
fn context_form(ty: &Type, protocol: &Type, state: &Type) -> Option<Form> {
    match ungrouped(ty) {
        Type::Reference(reference) => {
            let of = names_context(&reference.elem)?;
            // As it is written: another type may have the same last name.
            let written = |ty: &Type| ungrouped(ty).to_token_stream().to_string();
            let whole = argument(&reference.elem).map(written);
            let of_the_state =
                whole.is_some_and(|of| of == written(state)) && of != last_name(protocol);
            match (&reference.mutability, &reference.lifetime) {
                (Some(_), _) if of_the_state => Some(Form::OfTheState),
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
    let is_context = path.path.segments.last()?.ident == "Context";
    is_context.then(|| argument(ty).map(last_name).unwrap_or_default())
}

/// The `P` in a `Context<P>`.
fn argument(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ungrouped(ty) else {
        return None;
    };
    let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments else {
        return None;
    };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
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

fn bare_mut(ty: &mut Type) -> &mut Type {
    match ty {
        Type::Group(group) => bare_mut(&mut group.elem),
        Type::Paren(paren) => bare_mut(&mut paren.elem),
        Type::Reference(reference) => bare_mut(&mut reference.elem),
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
