//! From checked handlers to the methods that the trait wants.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::spanned::Spanned;
use syn::{ReturnType, Type};

use super::check::{HOOKS, conditions};
use super::model::{Broken, Handler, Handlers, Item, Parameters};
use crate::expand::holds;
use crate::model::names::{ours, plain};
use crate::parse::value::compact;
use crate::syntax::{FnArg, ImplItem, ImplItemFn, Pat};
use crate::tokens;
use crate::wording::handlers as say;

/// The impl, and beside it what it is checked by.
pub(crate) fn expand(handlers: &Handlers) -> TokenStream {
    // What is said of a handler comes before what the compiler makes of it.
    let first = tokens::each(&handlers.items, |item| before(handlers, item));
    let mut checks = TokenStream::new();
    let items = tokens::each(&handlers.items, |item| match item {
        Item::Handler(handler) => method(handlers, handler, &mut checks),
        Item::Ready(function) => function.to_token_stream(),
        Item::Broken(broken) => stub(handlers, broken),
        Item::Other(item) => item.to_token_stream(),
    });
    let never_holds = never_holds(handlers);
    let head = handlers.head.head();
    let mut body = Group::new(Delimiter::Brace, quote!(#items #never_holds));
    body.set_span(handlers.head.brace_token.span.join());
    let beside = beside(handlers);
    quote!(#first #head #body #checks #beside)
}

/// Functions of the state itself.
fn beside(handlers: &Handlers) -> Option<TokenStream> {
    let (functions, state) = (&handlers.beside, &handlers.head.self_ty);
    let (parameters, _, clause) = handlers.head.generics.split_for_impl();
    (!functions.is_empty())
        .then(|| quote!(#[allow(dead_code)] impl #parameters #state #clause { #(#functions)* }))
}

/// Where there is no hook `ready`, the actor need not ask for it. A macro among the items may yet
/// be one.
fn never_holds(handlers: &Handlers) -> Option<TokenStream> {
    let mut items = handlers.items.iter();
    let may_hold = items.any(|item| match item {
        Item::Ready(_) => true,
        Item::Other(item) => matches!(item, ImplItem::Verbatim(_)),
        _ => false,
    });
    let (zp, holds) = (&handlers.private, holds());
    (!may_hold).then(|| quote!(const #holds: #zp::bool = false;))
}

fn method(handlers: &Handlers, handler: &Handler, checks: &mut TokenStream) -> TokenStream {
    let zp = &handlers.private;
    let function = &handler.function;
    let sig = &function.sig;
    let at = ours(sig.fn_token.span);
    let attrs = tokens::all(&function.attrs);
    let vis = &function.vis;
    let mut inputs = Group::new(Delimiter::Parenthesis, inputs(handlers, handler));
    inputs.set_span(sig.paren_token.span.join());
    let (name, fn_token, body) = (&sig.ident, sig.fn_token, &function.body);
    let (lifetimes, clause) = (&sig.generics, &sig.generics.where_clause);
    let mut inside = TokenStream::new();
    if let Some(parameters) = &handler.parameters {
        let check = check(handlers, &plain(name), parameters);
        if handlers.concrete {
            let cfg = conditions_of(handlers, handler);
            checks.extend(quote!(#cfg const _: () = #check;));
        } else if !matches!(handlers.protocol, Type::Verbatim(_)) {
            inside = quote!(const #check;);
        }
    }
    if let Some(asyncness) = &sig.asyncness {
        if handlers.concrete && !HOOKS.contains(&plain(name).as_str()) {
            checks.extend(never_waits(handlers, handler, asyncness.span));
        }
        let output = &sig.output;
        let body = beginning_with(inside, body);
        // The compiler would say at the user's own tokens that it promises more than the trait.
        let allow = quote!(#[allow(refining_impl_trait)]);
        return quote!(#attrs #allow #vis #asyncness #fn_token #name #lifetimes #inputs #output #clause #body);
    }
    // What is wrong with the type is said at the type.
    let (output, spot) = match &sig.output {
        ReturnType::Default => (quote_spanned!(at=> ()), at),
        ReturnType::Type(_, ty) => (ty.to_token_stream(), ours(ty.span())),
    };
    let future = quote_spanned!(spot=> impl #zp::Future<Output = #output> + #zp::Send);
    let body = keeping(function, at);
    let ready = quote_spanned!(at=> { #inside #zp::ready((move || -> #output #body)()) });
    quote!(#attrs #vis #fn_token #name #lifetimes #inputs -> #future #clause #ready)
}

/// The body, in a closure that has its parameters whole. Of one of which the body only names fields
/// a closure takes these alone, and fields that are copied would be changed in the copy.
fn keeping(function: &ImplItemFn, at: Span) -> TokenTree {
    let (mut fields, mut kept) = (Vec::new(), TokenStream::new());
    fields_of(function.body.stream(), &mut fields);
    for typed in function.sig.typed() {
        if let Pat::Ident(pattern) = &typed.pat
            && fields.contains(&pattern.ident)
        {
            let name = &pattern.ident;
            kept.extend(quote_spanned!(at=> let _ = &#name;));
        }
    }
    beginning_with(kept, &function.body)
}

/// The body, with statements before its own.
fn beginning_with(mut statements: TokenStream, body: &Group) -> TokenTree {
    if statements.is_empty() {
        return TokenTree::Group(body.clone());
    }
    statements.extend(body.stream());
    tokens::regrouped(body, statements)
}

/// Adds the names behind which a dot stands.
fn fields_of(tokens: TokenStream, names: &mut Vec<Ident>) {
    let mut before = None;
    for tree in tokens {
        match &tree {
            TokenTree::Group(group) => fields_of(group.stream(), names),
            TokenTree::Punct(dot) if dot.as_char() == '.' => names.extend(before.take()),
            _ => {}
        }
        before = match tree {
            TokenTree::Ident(name) => Some(name),
            _ => None,
        };
    }
}

/// Whether the actor is a supervisor the compiler knows, and reports it at the `async`.
fn never_waits(handlers: &Handlers, handler: &Handler, at: Span) -> TokenStream {
    let (zp, protocol) = (&handlers.private, &handlers.protocol);
    let message = crate::wording::supervisor::async_handler();
    let when = quote!(<#protocol as #zp::Table>::SUPERVISES);
    let message = message.to_string();
    let panic = refusal(handlers, quote!(#message), at);
    let cfg = conditions_of(handlers, handler);
    quote!(#cfg const _: () = if #when { #panic };)
}

/// A `Reply` for a variant that is not deferred is reported at its type.
fn before(handlers: &Handlers, item: &Item) -> Option<TokenStream> {
    let Item::Handler(handler) = item else {
        return None;
    };
    let reply = handler.reply.as_ref().filter(|_| handlers.concrete)?;
    let (zp, protocol) = (&handlers.private, &handlers.protocol);
    let name = plain(&handler.function.sig.ident);
    let mut types = Vec::new();
    for ty in &reply.types {
        types.push(compact(&ty.to_token_stream()));
    }
    let of_an_ask = say::reply_without_deferred(&name, &types).to_string();
    let of_a_tell = say::reply_of_a_tell(&name, &types).to_string();
    // Only the compiler knows which of them there are.
    let parameters = tokens::with_commas(&reply.parameters, |cfg| quote!(#cfg ()));
    let number = quote!(<[()]>::len(&[#parameters]));
    let wrong = quote!(#zp::replies_itself::<#protocol>(#name, #number, #of_an_ask, #of_a_tell));
    let panic = refusal(handlers, quote!("{}", __zctor_wrong), reply.at.span());
    let (cfg, own) = (conditions_of(handlers, handler), reply.parameters.last());
    // A length in a type is evaluated first.
    Some(quote! {
        #cfg #own
        const _: [(); if let #zp::Some(__zctor_wrong) = #wrong { #panic } else { 0 }] = [];
    })
}

/// The conditions of the handler.
fn conditions_of(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let own = conditions(&handler.function.attrs);
    let common = conditions(&handlers.head.attrs);
    quote!(#own #common)
}

/// What is said where only the compiler can find out.
fn refusal(handlers: &Handlers, says: TokenStream, at: Span) -> TokenStream {
    let at = ours(at);
    panic(handlers, at, tokens::at(says, at), at)
}

/// A panic that is written at two places.
fn panic(handlers: &Handlers, first: Span, says: TokenStream, last: Span) -> TokenStream {
    let zp = &handlers.private;
    let path = tokens::located_at(quote!(#zp::panic!), first);
    let mut arguments = Group::new(Delimiter::Parenthesis, says);
    arguments.set_span(last);
    quote!(#path #arguments)
}

/// The parameters, with a context in any case.
fn inputs(handlers: &Handlers, handler: &Handler) -> TokenStream {
    let (zp, protocol) = (&handlers.private, &handlers.protocol);
    let inputs = &handler.function.sig.inputs;
    if handler.takes_context {
        let inputs = inputs.iter();
        return quote!(#(#inputs),*);
    }
    let inputs = inputs.iter();
    // Behind the others, so that the compiler shows all of them when it counts.
    let end = ours(handler.function.sig.paren_token.span.close());
    let context = quote_spanned!(end=> _: &mut #zp::Context<#protocol>);
    quote!(#(#inputs,)* #context)
}

/// `{ if let Some(wrong) = misnamed(…) { panic!(…) } }`, which the compiler reports at the parameters.
fn check(handlers: &Handlers, method: &str, parameters: &Parameters) -> TokenStream {
    let (zp, protocol) = (&handlers.private, &handlers.protocol);
    let names = tokens::with_commas(&parameters.names, |(cfg, name)| quote!(#cfg #name));
    let message = say::parameter_names(method, GAP).to_string();
    let (before, after) = message.split_once(GAP).unwrap_or((&message, ""));
    let (first, last) = (ours(parameters.first), ours(parameters.last));
    let says = quote_spanned!(last=> "{}", __zctor_wrong.text());
    let panic = panic(handlers, first, says, last);
    quote! {{
        if let #zp::Some(__zctor_wrong) =
            #zp::misnamed::<#protocol>(#method, &[#names], #before, #after)
        {
            #panic
        }
    }}
}

/// What stands for the names of the fields, in what is said of them.
const GAP: &str = "\u{0}";

/// A method that agrees with any declaration of as many parameters.
fn stub(handlers: &Handlers, broken: &Broken) -> TokenStream {
    let (zp, protocol, says) = (&handlers.private, &handlers.protocol, &broken.says);
    let sig = &broken.function.sig;
    let name = &sig.ident;
    let cfg = conditions(&broken.function.attrs);
    let receiver = sig.inputs.iter().find_map(|input| match input {
        FnArg::Receiver(receiver) => Some(receiver.self_token),
        FnArg::Typed(_) => None,
    });
    let fields = std::iter::repeat_n(quote!(_: #says), broken.fields);
    quote! {
        #cfg
        fn #name(&mut #receiver, #(#fields,)* _: &mut #zp::Context<#protocol>) -> #says { loop {} }
    }
}
