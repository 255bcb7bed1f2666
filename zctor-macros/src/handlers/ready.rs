//! The hook `ready`: a plain function, with a signature of its own.

use proc_macro2::{Delimiter, Group, TokenStream};
use quote::{ToTokens, quote};
use syn::{ReturnType, Type, parse_quote};

use super::context::is_context;
use crate::diag::Report;
use crate::parse::value::compact;
use crate::syntax::{FnArg, ImplItemFn, ReceiverKind};
use crate::wording::handlers as say;

/// What is wrong with the signature is reported, and put right.
pub(super) fn ready(
    mut function: ImplItemFn,
    generic: Option<TokenStream>,
    private: &TokenStream,
    protocol: &Type,
    report: &mut Report,
) -> ImplItemFn {
    let kind = format!("{}Kind", compact(&last_name(protocol)));
    let mut sound = true;
    if let Some(at) = generic {
        report.on(at, say::ready_generic(&kind));
        function.sig.generics = Default::default();
        sound = false;
    }
    if let Some(token) = function.sig.asyncness.take() {
        report.at(token.span, say::ready_async(&kind));
        sound = false;
    }
    let name = function.sig.ident.span();
    let mut inputs = function.sig.inputs.iter();
    let next = match inputs.next() {
        Some(FnArg::Receiver(receiver)) => {
            if !matches!(&receiver.kind, ReceiverKind::Reference(_, _, None)) {
                report.on(receiver, say::ready_receiver());
                sound = false;
            }
            inputs.next()
        }
        first => {
            report.at(name, say::no_receiver("ready"));
            sound = false;
            first
        }
    };
    match next {
        Some(input) if is_context(input) => {
            report.on(input, say::ready_context(&kind));
            sound = false;
        }
        Some(_) => {}
        None => {
            report.at(name, say::ready_without_kind(&kind));
            sound = false;
        }
    }
    for input in inputs {
        let message = if is_context(input) {
            say::ready_context(&kind)
        } else {
            say::ready_with_more(&kind)
        };
        report.on(input, message);
        sound = false;
    }
    if matches!(function.sig.output, ReturnType::Default) {
        report.at(name, say::ready_without_answer(&kind));
        sound = false;
    }
    if !sound {
        // Its body may need what is no parameter of it.
        function.sig.inputs = parse_quote!(&self, _: <#protocol as #private::Protocol>::Kind);
        function.sig.output = parse_quote!(-> #private::bool);
        function.body = Group::new(Delimiter::Brace, quote!(loop {}));
    }
    function
}

fn last_name(protocol: &Type) -> TokenStream {
    match protocol {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|last| last.ident.to_token_stream())
            .unwrap_or_default(),
        _ => TokenStream::new(),
    }
}
