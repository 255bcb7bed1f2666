//! Functions of an impl.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{
    Abi, AttrStyle, Attribute, Generics, Ident, Lifetime, ReturnType, Token, Type, Visibility,
    braced, parenthesized, token,
};

pub(crate) struct ImplItemFn {
    /// Also those that stand at the beginning of the body.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
    /// In braces.
    pub(crate) body: Group,
}

pub(crate) struct Signature {
    pub(crate) constness: Option<Token![const]>,
    pub(crate) asyncness: Option<Token![async]>,
    pub(crate) unsafety: Option<Token![unsafe]>,
    pub(crate) abi: Option<Abi>,
    pub(crate) fn_token: Token![fn],
    pub(crate) ident: Ident,
    pub(crate) generics: Generics,
    pub(crate) paren_token: token::Paren,
    pub(crate) inputs: Punctuated<FnArg, Token![,]>,
    pub(crate) output: ReturnType,
}

impl Signature {
    /// The parameters, but for the receiver.
    pub(crate) fn typed(&self) -> Vec<&PatType> {
        let mut all = Vec::new();
        for input in &self.inputs {
            if let FnArg::Typed(typed) = input {
                all.push(&**typed);
            }
        }
        all
    }
}

pub(crate) enum FnArg {
    Receiver(Receiver),
    Typed(Box<PatType>),
}

pub(crate) struct Receiver {
    pub(crate) attrs: Vec<Attribute>,
    /// That of `mut self`.
    pub(crate) mutability: Option<Token![mut]>,
    pub(crate) self_token: Token![self],
    pub(crate) kind: ReceiverKind,
}

pub(crate) enum ReceiverKind {
    Value,
    Reference(Token![&], Option<Lifetime>, Option<Token![mut]>),
    Typed(Token![:], Box<Type>),
}

pub(crate) struct PatType {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) pat: Pat,
    pub(crate) colon_token: Token![:],
    pub(crate) ty: Type,
}

pub(crate) enum Pat {
    Ident(PatIdent),
    Wild(Token![_]),
    /// One that takes its value apart.
    Other(TokenStream),
}

pub(crate) struct PatIdent {
    before: TokenStream,
    pub(crate) ident: Ident,
    /// `@ pattern`
    pub(crate) subpat: TokenStream,
}

impl Parse for ImplItemFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        let body = body(input, &mut attrs)?;
        Ok(ImplItemFn {
            attrs,
            vis,
            sig,
            body,
        })
    }
}

/// The body, of which attributes are taken out.
pub(super) fn body(input: ParseStream<'_>, attrs: &mut Vec<Attribute>) -> syn::Result<Group> {
    let whole = input.fork().parse::<TokenTree>().ok();
    let inside;
    let brace_token = braced!(inside in input);
    let mut of_the_body = inside.call(Attribute::parse_inner)?;
    let statements: TokenStream = inside.parse()?;
    match whole {
        // As it was, with its braces where they were: only so does the compiler see what it has already
        // said of it.
        Some(TokenTree::Group(body))
            if body.delimiter() == Delimiter::Brace && of_the_body.is_empty() =>
        {
            Ok(body)
        }
        _ => {
            for attr in &mut of_the_body {
                attr.style = AttrStyle::Outer;
            }
            attrs.append(&mut of_the_body);
            let mut body = Group::new(Delimiter::Brace, statements);
            body.set_span(brace_token.span.join());
            Ok(body)
        }
    }
}

impl Parse for Signature {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let constness = input.parse()?;
        let asyncness = input.parse()?;
        let unsafety = input.parse()?;
        let abi = input.parse()?;
        let fn_token = input.parse()?;
        let ident = input.parse()?;
        let mut generics: Generics = input.parse()?;
        let inside;
        let paren_token = parenthesized!(inside in input);
        let inputs = inputs(&inside)?;
        let late = inputs.iter().skip(1).find_map(|input| match input {
            FnArg::Receiver(receiver) => Some(receiver.self_token.span),
            FnArg::Typed(_) => None,
        });
        if let Some(at) = late {
            return Err(syn::Error::new(at, "unexpected method receiver"));
        }
        let output = input.parse()?;
        generics.where_clause = input.parse()?;
        Ok(Signature {
            constness,
            asyncness,
            unsafety,
            abi,
            fn_token,
            ident,
            generics,
            paren_token,
            inputs,
            output,
        })
    }
}

/// A comma or a colon that is not there the compiler has missed already. It goes on as if it was, and so do
/// we, so that nothing else is missed.
fn inputs(input: ParseStream<'_>) -> syn::Result<Punctuated<FnArg, Token![,]>> {
    let mut inputs = Punctuated::new();
    while !input.is_empty() {
        inputs.push_value(input.parse()?);
        match input.parse()? {
            Some(comma) => inputs.push_punct(comma),
            None if input.is_empty() => {}
            None => inputs.push_punct(Token![,](input.span())),
        }
    }
    Ok(inputs)
}

impl Parse for FnArg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let ahead = input.fork();
        if begin_receiver(&ahead).is_ok() && !ahead.peek(Token![::]) {
            let mut receiver: Receiver = input.parse()?;
            receiver.attrs = attrs;
            return Ok(FnArg::Receiver(receiver));
        }
        let ahead = input.fork();
        let (pat, colon_token) = match ahead.parse() {
            Ok(pat) if ahead.peek(Token![:]) => {
                input.advance_to(&ahead);
                (pat, input.parse()?)
            }
            _ => {
                let name: Ident = input.parse()?;
                let behind = Token![:](name.span());
                (Pat::from(name), behind)
            }
        };
        let ty = input.parse()?;
        Ok(FnArg::Typed(Box::new(PatType {
            attrs,
            pat,
            colon_token,
            ty,
        })))
    }
}

/// A reference, a lifetime and a `mut`, if they are there, and `self`.
type Beginning = (
    Option<Token![&]>,
    Option<Lifetime>,
    Option<Token![mut]>,
    Token![self],
);

fn begin_receiver(input: ParseStream<'_>) -> syn::Result<Beginning> {
    let and: Option<Token![&]> = input.parse()?;
    let lifetime = match and {
        Some(_) if input.peek(Lifetime) => Some(input.call(Lifetime::parse_any)?),
        _ => None,
    };
    Ok((and, lifetime, input.parse()?, input.parse()?))
}

impl Parse for Receiver {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let (and, lifetime, mutability, self_token) = begin_receiver(input)?;
        let (mutability, kind) = match and {
            Some(and) => (None, ReceiverKind::Reference(and, lifetime, mutability)),
            None if input.peek(Token![:]) => {
                let kind = ReceiverKind::Typed(input.parse()?, input.parse()?);
                (mutability, kind)
            }
            None => (mutability, ReceiverKind::Value),
        };
        Ok(Receiver {
            attrs: Vec::new(),
            mutability,
            self_token,
            kind,
        })
    }
}

impl Parse for Pat {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut pattern = TokenStream::new();
        // Within `<` and `>` there may be commas.
        let mut depth = 0_usize;
        while !input.is_empty() {
            if input.peek(Token![::]) {
                input.parse::<Token![::]>()?.to_tokens(&mut pattern);
                continue;
            }
            if depth == 0 && (input.peek(Token![:]) || input.peek(Token![,])) {
                break;
            }
            depth += usize::from(input.peek(Token![<]));
            depth = depth.saturating_sub(usize::from(input.peek(Token![>])));
            input.parse::<TokenTree>()?.to_tokens(&mut pattern);
        }
        if pattern.is_empty() {
            return Err(input.error("expected a pattern"));
        }
        if let Ok(wild) = syn::parse2(pattern.clone()) {
            return Ok(Pat::Wild(wild));
        }
        Ok(match syn::parse2(pattern.clone()) {
            Ok(name) => Pat::Ident(name),
            Err(_) => Pat::Other(pattern),
        })
    }
}

impl From<Ident> for Pat {
    fn from(ident: Ident) -> Pat {
        Pat::Ident(PatIdent {
            before: TokenStream::new(),
            ident,
            subpat: TokenStream::new(),
        })
    }
}

impl Parse for PatIdent {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let by_ref: Option<Token![ref]> = input.parse()?;
        let mutability: Option<Token![mut]> = input.parse()?;
        let ident = input.parse()?;
        let subpat: TokenStream = match input.is_empty() || input.peek(Token![@]) {
            true => input.parse()?,
            false => return Err(input.error("more than a name")),
        };
        Ok(PatIdent {
            before: quote!(#by_ref #mutability),
            ident,
            subpat,
        })
    }
}

impl ToTokens for ImplItemFn {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.vis.to_tokens(tokens);
        self.sig.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

impl ToTokens for Signature {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.constness.to_tokens(tokens);
        self.asyncness.to_tokens(tokens);
        self.unsafety.to_tokens(tokens);
        self.abi.to_tokens(tokens);
        self.fn_token.to_tokens(tokens);
        self.ident.to_tokens(tokens);
        self.generics.to_tokens(tokens);
        self.paren_token
            .surround(tokens, |tokens| self.inputs.to_tokens(tokens));
        self.output.to_tokens(tokens);
        self.generics.where_clause.to_tokens(tokens);
    }
}

impl ToTokens for FnArg {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            FnArg::Receiver(receiver) => receiver.to_tokens(tokens),
            FnArg::Typed(typed) => typed.to_tokens(tokens),
        }
    }
}

impl ToTokens for Receiver {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        if let ReceiverKind::Reference(and, lifetime, mutability) = &self.kind {
            and.to_tokens(tokens);
            lifetime.to_tokens(tokens);
            mutability.to_tokens(tokens);
        }
        self.mutability.to_tokens(tokens);
        self.self_token.to_tokens(tokens);
        if let ReceiverKind::Typed(colon, ty) = &self.kind {
            colon.to_tokens(tokens);
            ty.to_tokens(tokens);
        }
    }
}

impl ToTokens for PatType {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attrs);
        self.pat.to_tokens(tokens);
        self.colon_token.to_tokens(tokens);
        self.ty.to_tokens(tokens);
    }
}

impl ToTokens for Pat {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Pat::Ident(name) => {
                name.before.to_tokens(tokens);
                name.ident.to_tokens(tokens);
                name.subpat.to_tokens(tokens);
            }
            Pat::Wild(wild) => wild.to_tokens(tokens),
            Pat::Other(pattern) => pattern.to_tokens(tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(tokens: TokenStream) -> ImplItemFn {
        let function: syn::Result<ImplItemFn> = syn::parse2(tokens.clone());
        match function {
            Ok(function) => {
                assert_eq!(function.to_token_stream().to_string(), tokens.to_string());
                function
            }
            Err(why) => unreachable!("{tokens}: {why}"),
        }
    }

    #[test]
    fn receivers_have_every_form() {
        let kind = |inputs: TokenStream| {
            let function = read(quote!(fn f(#inputs) {}));
            match function.sig.inputs.first() {
                Some(FnArg::Receiver(Receiver { kind, .. })) => match kind {
                    ReceiverKind::Value => "value",
                    ReceiverKind::Reference(_, None, None) => "&",
                    ReceiverKind::Reference(_, None, Some(_)) => "&mut",
                    ReceiverKind::Reference(_, Some(_), _) => "&'a",
                    ReceiverKind::Typed(..) => "typed",
                },
                _ => "none",
            }
        };
        assert_eq!(kind(quote!(self)), "value");
        assert_eq!(kind(quote!(mut self, a: u8)), "value");
        assert_eq!(kind(quote!(&self,)), "&");
        assert_eq!(
            kind(quote!(
                #[cfg(a)]
                &mut self
            )),
            "&mut"
        );
        assert_eq!(kind(quote!(&'_ self)), "&'a");
        assert_eq!(kind(quote!(&'static mut self)), "&'a");
        assert_eq!(kind(quote!(mut self: Box<Self>)), "typed");
        assert_eq!(kind(quote!(mut a: u8)), "none");
        assert_eq!(kind(quote!(self::Pair(a, b): self::Pair)), "none");
        assert_eq!(kind(quote!()), "none");
    }

    #[test]
    fn patterns_are_names_or_something_else() {
        let pattern = |pattern: TokenStream| {
            let function = read(quote!(async fn f(#pattern: ::a::B<{ C }>) -> D where E: F {}));
            match function.sig.typed().first().map(|typed| &typed.pat) {
                Some(Pat::Ident(name)) => format!("{}{}", name.ident, name.subpat),
                Some(Pat::Wild(_)) => "_".to_owned(),
                Some(Pat::Other(_)) => "other".to_owned(),
                None => "none".to_owned(),
            }
        };
        assert_eq!(pattern(quote!(a)), "a");
        assert_eq!(pattern(quote!(ref mut a)), "a");
        assert_eq!(pattern(quote!(r#type)), "r#type");
        assert_eq!(pattern(quote!(_)), "_");
        assert_eq!(pattern(quote!(a @ 1..=2)), "a@ 1 ..= 2");
        assert_eq!(pattern(quote!((a, b))), "other");
        assert_eq!(pattern(quote!(a::B { c: d, .. })), "other");
        assert_eq!(pattern(quote!(&a)), "other");
        assert_eq!(pattern(quote!(Pair::<u8, u16>(a, b))), "other");
        assert_eq!(pattern(quote!(<A<B, C> as D>::E { f, .. })), "other");
    }

    #[test]
    fn a_body_may_be_anything() {
        let function = read(quote!(fn f(&self) { what is = this ; [ ] }));
        assert_eq!(function.body.stream().to_string(), "what is = this ; []");
        let allowed: ImplItemFn = syn::parse_quote!(
            fn f(&self) {
                #![allow(a)]
                b
            }
        );
        assert_eq!(allowed.attrs.len(), 1);
        assert_eq!(allowed.body.stream().to_string(), "b");
    }

    #[test]
    fn what_the_compiler_puts_between_parameters_is_there() {
        for (tokens, read) in [
            (
                quote!(fn f(&self a: u8) {}),
                quote!(
                    fn f(&self, a: u8) {}
                ),
            ),
            (
                quote!(fn f(&self, a: u8 b: u8) {}),
                quote!(
                    fn f(&self, a: u8, b: u8) {}
                ),
            ),
            (
                quote!(fn f(&self, a Vec<u8>, b: u8) {}),
                quote!(
                    fn f(&self, a: Vec<u8>, b: u8) {}
                ),
            ),
        ] {
            let function: ImplItemFn = syn::parse_quote!(#tokens);
            assert_eq!(function.to_token_stream().to_string(), read.to_string());
        }
    }

    #[test]
    fn what_is_no_function_is_refused() {
        for tokens in [
            quote!(fn f(&mut self, by) {}),
            quote!(fn f(a: u8, &self) {}),
            quote!(fn f(&self: u8) {}),
            quote!(fn f(&self)),
            quote!(fn (&self) {}),
        ] {
            assert!(
                syn::parse2::<ImplItemFn>(tokens.clone()).is_err(),
                "{tokens}"
            );
        }
    }
}
