//! Which functions can be handlers.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};
use syn::spanned::Spanned;
use syn::{
    Attribute, FnArg, ImplItem, ImplItemFn, ItemImpl, Pat, PathArguments, Receiver, ReceiverKind,
    ReturnType, Safety, Type, parse_quote,
};

use super::model::{Arguments, Broken, Handler, Handlers, Item, Parameters};
use crate::diag::Report;
use crate::model::names::plain;
use crate::parse::value::compact;
use crate::wording::handlers as say;

/// Checks the impl, function by function.
pub(crate) fn check(mut head: ItemImpl, arguments: Arguments, report: &mut Report) -> Handlers {
    head.attrs.retain(|attr| {
        let again = attr
            .path()
            .segments
            .last()
            .is_some_and(|last| last.ident == "handlers");
        if again {
            report.at(attr.path().span(), say::handlers_twice());
        }
        !again
    });
    let protocol = protocol(&head, &arguments, report);
    let private = match arguments.root {
        Some((_, Some(path))) => quote!(#path::__private),
        _ => quote!(::zctor::__private),
    };
    let mut seen: Vec<(Ident, bool)> = Vec::new();
    let mut items = Vec::new();
    for item in std::mem::take(&mut head.items) {
        let ImplItem::Fn(function) = item else {
            items.push(Item::Other(Box::new(item)));
            continue;
        };
        let name = function.sig.ident.clone();
        let conditional = function
            .attrs
            .iter()
            .any(|attr| attr.path().is_ident("cfg"));
        if let Some((first, _)) = seen
            .iter()
            .find(|(first, other)| *first == name && !conditional && !other)
        {
            report.at(first.span(), say::duplicate_first(&plain(&name)));
            report.at(name.span(), say::duplicate(&plain(&name)));
            continue;
        }
        seen.push((name, conditional));
        items.push(handler(function, &protocol, report));
    }
    let concrete = head.generics.params.is_empty() && !matches!(protocol, Type::Verbatim(_));
    Handlers {
        private,
        head,
        protocol,
        concrete,
        items,
    }
}

/// The enum that was given, or the trait's path without `Actor`.
fn protocol(head: &ItemImpl, arguments: &Arguments, report: &mut Report) -> Type {
    if let Some((_, Some(given))) = &arguments.protocol {
        return given.clone();
    }
    let Some((path, _)) = &head.trait_ else {
        return parse_quote!(());
    };
    let mut path = path.clone();
    let Some(last) = path.segments.last_mut() else {
        return parse_quote!(());
    };
    let name = plain(&last.ident);
    match name.strip_suffix("Actor").filter(|rest| !rest.is_empty()) {
        Some(rest) => {
            last.ident = format_ident!("{}", rest, span = last.ident.span());
            Type::Path(syn::TypePath {
                attrs: Vec::new(),
                qself: None,
                path,
            })
        }
        None => {
            report.at(last.ident.span(), say::not_an_actor_trait(&name));
            report.latest_as_type()
        }
    }
}

fn handler(mut function: ImplItemFn, protocol: &Type, report: &mut Report) -> Item {
    qualifiers(&mut function, report);
    receiver(&mut function, report);
    let typed = || {
        function
            .sig
            .inputs
            .iter()
            .filter(|input| matches!(input, FnArg::Typed(_)))
    };
    if let Some(at) = generic(&function) {
        report.on(at, say::generic(&plain(&function.sig.ident)));
        let says = report.latest_as_type();
        let context = typed().last().is_some_and(is_context);
        let fields = typed().count() - usize::from(context);
        return Item::Broken(Box::new(Broken {
            function,
            says,
            fields,
        }));
    }
    if let ReturnType::Type(_, ty) = &function.sig.output
        && let Type::ImplTrait(opaque) = &**ty
    {
        let future = opaque.to_token_stream().to_string().contains("Future");
        report.on(
            opaque,
            say::opaque_return(&plain(&function.sig.ident), future),
        );
        function.sig.output =
            ReturnType::Type(Default::default(), Box::new(report.latest_as_type()));
    }
    let takes_context = context(&mut function, protocol, report);
    let parameters = parameters(&function, takes_context);
    Item::Handler(Box::new(Handler {
        function,
        takes_context,
        parameters,
    }))
}

/// Takes away what a handler cannot be.
fn qualifiers(function: &mut ImplItemFn, report: &mut Report) {
    let sig = &mut function.sig;
    let name = plain(&sig.ident);
    if let Some(token) = sig.constness.take() {
        report.at(token.span, say::qualified("const", &name));
    }
    if let Safety::Unsafe(token) = &sig.safety {
        report.at(token.span, say::qualified("unsafe", &name));
        sig.safety = Safety::Default;
    }
    if let Some(abi) = sig.abi.take() {
        report.on(&abi, say::qualified("extern", &name));
    }
}

/// Makes the receiver `&mut self`.
fn receiver(function: &mut ImplItemFn, report: &mut Report) {
    let name = plain(&function.sig.ident);
    match function.sig.inputs.first_mut() {
        Some(FnArg::Receiver(receiver)) => {
            match &receiver.kind {
                ReceiverKind::Reference(..) => {}
                ReceiverKind::Value => report.on(&*receiver, say::self_by_value()),
                _ => report.on(&*receiver, say::self_with_type()),
            }
            *receiver = by_reference(receiver);
        }
        _ => {
            report.at(function.sig.ident.span(), say::no_receiver(&name));
            function.sig.inputs.insert(0, parse_quote!(&mut self));
        }
    }
}

fn by_reference(receiver: &Receiver) -> Receiver {
    let span = receiver.self_token.span;
    let (and, lifetime, mutable) = match &receiver.kind {
        ReceiverKind::Reference(and, lifetime, mutable) => (*and, lifetime.clone(), *mutable),
        _ => (syn::Token![&](span), None, None),
    };
    let mutable = mutable.unwrap_or(syn::Token![mut](span));
    Receiver {
        attrs: receiver.attrs.clone(),
        mutability: None,
        self_token: receiver.self_token,
        kind: ReceiverKind::Reference(and, lifetime, Some(mutable)),
    }
}

/// What makes a handler generic, if it is.
fn generic(function: &ImplItemFn) -> Option<TokenStream> {
    if !function.sig.generics.params.is_empty() {
        return Some(function.sig.generics.params.to_token_stream());
    }
    function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if matches!(*typed.ty, Type::ImplTrait(_)) => {
            Some(typed.ty.to_token_stream())
        }
        _ => None,
    })
}

/// Whether the last parameter is the context. Contexts in other places or forms are reported, and put right.
fn context(function: &mut ImplItemFn, protocol: &Type, report: &mut Report) -> bool {
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

fn is_context(input: &FnArg) -> bool {
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

/// The names of the parameters for fields; none if there are none, or a pattern is among them.
fn parameters(function: &ImplItemFn, takes_context: bool) -> Option<Parameters> {
    let typed: Vec<_> = function
        .sig
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Typed(typed) => Some(typed),
            FnArg::Receiver(_) => None,
        })
        .collect();
    let fields = typed.len() - usize::from(takes_context);
    let mut names = Vec::new();
    for typed in typed.iter().take(fields) {
        let cfg: Vec<Attribute> = typed
            .attrs
            .iter()
            .filter(|attr| attr.path().is_ident("cfg"))
            .cloned()
            .collect();
        match &*typed.pat {
            Pat::Ident(name) if name.subpat.is_none() => names.push((cfg, plain(&name.ident))),
            Pat::Wild(_) => names.push((cfg, "_".to_owned())),
            _ => return None,
        }
    }
    let first = typed.first()?.pat.span();
    let last = typed.get(fields.checked_sub(1)?)?.pat.span();
    Some(Parameters { names, first, last })
}
