//! Lifetimes of the trait: an actor's trait has none, as its messages have none.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericArgument, GenericParam, Lifetime, PathArguments};

use crate::diag::Report;
use crate::syntax::{ImplItem, ItemImpl, retain};
use crate::tokens::regrouped;
use crate::wording::checks::lifetime as say;

/// Takes them out of the trait, and reads them as `'static` elsewhere: so do the enum and its trait.
pub(super) fn take_out(head: &mut ItemImpl, report: &mut Report) {
    let last = head
        .trait_
        .as_mut()
        .and_then(|(path, _)| path.segments.last_mut());
    let Some(last) = last else {
        return;
    };
    let PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return;
    };
    let mut taken: Vec<Lifetime> = Vec::new();
    let all = std::mem::take(&mut arguments.args);
    for argument in all {
        match argument {
            GenericArgument::Lifetime(lifetime) => {
                report.at(lifetime.span(), say(&lifetime.to_string()));
                // Elsewhere one without a name is another one.
                if lifetime.ident != "_" {
                    taken.push(lifetime);
                }
            }
            other => arguments.args.push(other),
        }
    }
    if arguments.args.is_empty() {
        last.arguments = PathArguments::None;
    }
    if taken.is_empty() {
        return;
    }
    retain(&mut head.generics.params, |parameter| match parameter {
        GenericParam::Lifetime(parameter) => !taken.contains(&parameter.lifetime),
        _ => true,
    });
    let items = std::mem::take(&mut head.items);
    let unread = std::mem::take(&mut head.unread);
    if let Ok(read) = syn::parse2(as_static(head.to_token_stream(), &taken)) {
        *head = read;
    }
    (head.items, head.unread) = (items, unread);
    for item in &mut head.items {
        if let ImplItem::Fn(function) = item
            && let Ok(read) = syn::parse2(as_static(function.sig.to_token_stream(), &taken))
        {
            function.sig = read;
        }
    }
}

fn as_static(tokens: TokenStream, taken: &[Lifetime]) -> TokenStream {
    let mut all = TokenStream::new();
    let mut behind_apostrophe = false;
    for tree in tokens {
        let apostrophe = matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == '\'');
        let tree = match tree {
            TokenTree::Group(group) => regrouped(&group, as_static(group.stream(), taken)),
            TokenTree::Ident(name)
                if behind_apostrophe && taken.iter().any(|lifetime| lifetime.ident == name) =>
            {
                TokenTree::Ident(Ident::new("static", name.span()))
            }
            other => other,
        };
        behind_apostrophe = apostrophe;
        all.extend([tree]);
    }
    all
}
