//! Which functions can be handlers.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Attribute, GenericArgument, GenericParam, PathArguments, ReturnType, Type, parse_quote};

use super::context::{context, is_context};
use super::model::{Arguments, Broken, Handler, Handlers, Item, Parameters, Replying};
use super::ready::ready;
use crate::diag::Report;
use crate::model::attributes::Attributes;
use crate::model::names::{identifier, plain};
use crate::parse::value::compact;
use crate::syntax::{FnArg, ImplItem, ImplItemFn, ItemImpl, Pat, Receiver, ReceiverKind};
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
    super::lifetimes::take_out(&mut head, report);
    let protocol = protocol(&head, &arguments, report);
    let state = head.self_ty.clone();
    let private = match arguments.root {
        Some((_, Some(path))) => quote!(#path::__private),
        _ => quote!(::zctor::__private),
    };
    super::bounds::add(&mut head, &private);
    let mut seen: Vec<(Ident, bool)> = Vec::new();
    let mut unread: Vec<Item> = Vec::new();
    for one in std::mem::take(&mut head.unread) {
        unread.extend(super::unread::item(one.tokens, report));
    }
    let (mut items, mut beside) = (Vec::new(), Vec::new());
    for item in std::mem::take(&mut head.items) {
        let ImplItem::Fn(function) = item else {
            items.push(Item::Other(item));
            continue;
        };
        let name = function.sig.ident.clone();
        let conditional = !conditions(&function.attrs).is_empty();
        if let Some((first, _)) = seen
            .iter()
            .find(|(first, other)| *first == name && !conditional && !other)
        {
            report.at(first.span(), say::duplicate_first(&plain(&name)));
            report.at(name.span(), say::duplicate(&plain(&name)));
            continue;
        }
        seen.push((name, conditional));
        if makes_the_state(&function, &state) {
            let name = &function.sig.ident;
            report.at(name.span(), say::makes_the_state(&plain(name)));
            beside.push(*function);
            continue;
        }
        items.push(handler(*function, &private, &protocol, &state, report));
    }
    items.append(&mut unread);
    let concrete = head.generics.params.is_empty() && !matches!(protocol, Type::Verbatim(_));
    Handlers {
        private,
        head,
        protocol,
        concrete,
        items,
        beside,
    }
}

/// Whether the function takes no state but gives one: it is no handler, and stands in the wrong impl.
fn makes_the_state(function: &ImplItemFn, state: &Type) -> bool {
    let takes = matches!(function.sig.inputs.first(), Some(FnArg::Receiver(_)));
    let ReturnType::Type(_, ty) = &function.sig.output else {
        return false;
    };
    let gives = matches!(&**ty, Type::Path(path) if path.path.is_ident("Self"));
    let written = |ty: &Type| ty.to_token_stream().to_string();
    // A state may be the answer of an ask, whose handler has its `&self` forgotten.
    let name = plain(&function.sig.ident);
    let named = MAKERS.iter().any(|start| {
        let rest = name.strip_prefix(start);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    });
    !takes && (gives || named && written(ty) == written(state))
}

/// What the names of functions that make a state begin with.
const MAKERS: &[&str] = &[
    "new", "default", "from", "with", "empty", "zero", "create", "make", "build", "open", "load",
];

/// Whether these are the factories of a supervisor, which need no attribute: reported.
pub(crate) fn makes_children(head: &ItemImpl, arguments: &Arguments, report: &mut Report) -> bool {
    let Some((path, _)) = &head.trait_ else {
        return false;
    };
    let Some(last) = path
        .segments
        .last()
        .filter(|_| arguments.protocol.is_none())
    else {
        return false;
    };
    let name = plain(&last.ident);
    let children = name.len() > "Children".len() && name.ends_with("Children");
    if children {
        report.at(last.ident.span(), say::factories(&name));
    }
    children
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
    let actor = name
        .strip_suffix("Actor")
        .and_then(|rest| identifier(rest, last.ident.span()));
    match actor {
        Some(actor) => {
            last.ident = actor;
            Type::Path(syn::TypePath {
                attrs: Vec::new(),
                qself: None,
                path,
            })
        }
        None => {
            let state = compact(&head.self_ty.to_token_stream());
            report.at(last.ident.span(), say::not_an_actor_trait(&name, &state));
            report.latest_as_type()
        }
    }
}

/// Hooks that are called as handlers are, and may wait in every actor.
pub(super) const HOOKS: &[&str] = &["on_start", "on_restart", "on_stop"];

fn handler(
    mut function: ImplItemFn,
    private: &TokenStream,
    protocol: &Type,
    state: &Type,
    report: &mut Report,
) -> Item {
    qualifiers(&mut function, report);
    if function.sig.ident == "ready" {
        let generic = generic(&function);
        let function = ready(function, generic, private, protocol, report);
        return Item::Ready(Box::new(function));
    }
    receiver(&mut function, report);
    if let Some(at) = generic(&function) {
        report.on(at, say::generic(&plain(&function.sig.ident)));
        let says = report.latest_as_type();
        let typed = function.sig.typed();
        let context = function.sig.inputs.last().is_some_and(is_context);
        let fields = typed.len() - usize::from(context);
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
    // What a hook returns goes nowhere.
    if let ReturnType::Type(_, ty) = &mut function.sig.output
        && !HOOKS.contains(&plain(&function.sig.ident).as_str())
    {
        crate::validate::borrows_answer(ty, report);
    }
    whole_message(&mut function, protocol, report);
    let takes_context = context(&mut function, protocol, state, report);
    let parameters = parameters(&function, takes_context);
    let reply = reply(&function, takes_context);
    Item::Handler(Box::new(Handler {
        function,
        takes_context,
        reply,
        parameters,
    }))
}

/// A parameter that is to be the message itself. No message can have one in it, so it is not a field.
fn whole_message(function: &mut ImplItemFn, protocol: &Type, report: &mut Report) {
    let written = |ty: &Type| ty.to_token_stream().to_string();
    let name = plain(&function.sig.ident);
    let inputs = function.sig.inputs.iter_mut();
    for input in inputs {
        if let FnArg::Typed(typed) = input
            && written(&typed.ty) == written(protocol)
        {
            report.on(
                &typed.ty,
                say::whole_message(&name, &compact(&protocol.to_token_stream())),
            );
            typed.ty = report.latest_as_type();
        }
    }
}

/// Takes away what a handler cannot be.
fn qualifiers(function: &mut ImplItemFn, report: &mut Report) {
    let sig = &mut function.sig;
    let name = plain(&sig.ident);
    if let Some(token) = sig.constness.take() {
        report.at(token.span, say::qualified("const", &name));
    }
    if let Some(token) = sig.unsafety.take() {
        report.at(token.span, say::qualified("unsafe", &name));
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

/// What makes a handler generic, if it is. Lifetimes do not.
fn generic(function: &ImplItemFn) -> Option<TokenStream> {
    let mut parameters = function.sig.generics.params.iter();
    if parameters.any(|parameter| !matches!(parameter, GenericParam::Lifetime(_))) {
        return Some(function.sig.generics.params.to_token_stream());
    }
    function.sig.inputs.iter().find_map(|input| match input {
        FnArg::Typed(typed) if matches!(typed.ty, Type::ImplTrait(_)) => {
            Some(typed.ty.to_token_stream())
        }
        _ => None,
    })
}

/// The last parameter that is not the context, if it is a `Reply`.
fn reply(function: &ImplItemFn, takes_context: bool) -> Option<Replying> {
    let mut typed = function.sig.typed();
    typed.truncate(typed.len() - usize::from(takes_context));
    let at = &typed.last()?.ty;
    let Type::Path(path) = at else {
        return None;
    };
    let last = path.path.segments.last()?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    if last.ident != "Reply" {
        return None;
    }
    let (mut types, mut parameters) = (Vec::new(), Vec::new());
    for argument in &arguments.args {
        if let GenericArgument::Type(ty) = argument {
            types.push(ty.clone());
        }
    }
    for one in &typed {
        parameters.push(conditions(&one.attrs));
    }
    Some(Replying {
        at: at.clone(),
        types,
        parameters,
    })
}

/// Those of the attributes that are conditions.
pub(super) fn conditions(attrs: &[Attribute]) -> Attributes {
    let mut all = Attributes::default();
    for attr in attrs {
        if attr.path().is_ident("cfg") {
            all.0.push(attr.clone());
        }
    }
    all
}

/// The names of the parameters for fields; none if there are none, or a pattern is among them.
fn parameters(function: &ImplItemFn, takes_context: bool) -> Option<Parameters> {
    let typed = function.sig.typed();
    let fields = typed.len() - usize::from(takes_context);
    let mut names = Vec::new();
    for typed in typed.iter().take(fields) {
        let cfg = conditions(&typed.attrs);
        match &typed.pat {
            Pat::Ident(name) if name.subpat.is_empty() => names.push((cfg, plain(&name.ident))),
            Pat::Wild(_) => names.push((cfg, "_".to_owned())),
            Pat::Ident(_) | Pat::Other(_) => return None,
        }
    }
    // What is no type of a field has no name of one.
    if typed
        .iter()
        .any(|typed| matches!(typed.ty, Type::Verbatim(_)))
    {
        return None;
    }
    let first = typed.first()?.pat.span();
    let last = typed.get(fields.checked_sub(1)?)?.pat.span();
    Some(Parameters { names, first, last })
}
