//! Impls, and what stands in them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{
    AttrStyle, Attribute, Generics, Ident, Lifetime, Macro, MacroDelimiter, Path, Token, Type,
    Visibility, WhereClause, braced, token,
};

use super::function::{ImplItemFn, Signature, body};

pub(crate) struct ItemImpl {
    /// Also those that stand at the beginning of the body.
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) unsafety: Option<Token![unsafe]>,
    pub(crate) impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) negation: Option<Token![!]>,
    pub(crate) trait_: Option<(Path, Token![for])>,
    pub(crate) self_ty: Type,
    pub(crate) brace_token: token::Brace,
    pub(crate) items: Vec<ImplItem>,
    /// What is no item.
    pub(crate) unread: Vec<Unread>,
}

pub(crate) enum ImplItem {
    Fn(Box<ImplItemFn>),
    /// A constant or a type.
    Plain(TokenStream),
    /// A macro, whose output may be any item, or what else the compiler has to judge.
    Verbatim(TokenStream),
}

/// Up to where something begins that may be an item.
pub(crate) struct Unread {
    pub(crate) tokens: TokenStream,
    pub(crate) why: syn::Error,
}

impl ItemImpl {
    /// Everything in front of the braces.
    pub(crate) fn head(&self) -> TokenStream {
        let mut tokens = TokenStream::new();
        tokens.append_all(&self.attrs);
        self.unsafety.to_tokens(&mut tokens);
        self.impl_token.to_tokens(&mut tokens);
        self.generics.to_tokens(&mut tokens);
        self.negation.to_tokens(&mut tokens);
        if let Some((path, for_token)) = &self.trait_ {
            path.to_tokens(&mut tokens);
            for_token.to_tokens(&mut tokens);
        }
        self.self_ty.to_tokens(&mut tokens);
        self.generics.where_clause.to_tokens(&mut tokens);
        tokens
    }
}

impl ToTokens for ItemImpl {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.head().to_tokens(tokens);
        self.brace_token
            .surround(tokens, |tokens| tokens.append_all(&self.items));
    }
}

impl Parse for ItemImpl {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let unsafety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics = match begins_generics(input) {
            true => input.parse()?,
            false => Generics::default(),
        };
        let negation = match input.peek2(token::Brace) {
            // The type that has no values.
            true => None,
            false => input.parse()?,
        };
        let first: Type = input.parse()?;
        let (trait_, self_ty) = if input.peek(Token![for]) {
            let Some(path) = path(&first) else {
                return Err(syn::Error::new_spanned(first, "expected trait path"));
            };
            (Some((path.clone(), input.parse()?)), input.parse()?)
        } else {
            (None, first)
        };
        generics.where_clause = input.parse::<Option<WhereClause>>()?;
        let body;
        let brace_token = braced!(body in input);
        for mut attr in body.call(Attribute::parse_inner)? {
            attr.style = AttrStyle::Outer;
            attrs.push(attr);
        }
        let (mut items, mut unread) = (Vec::new(), Vec::new());
        while !body.is_empty() {
            let ahead = body.fork();
            match ahead.parse() {
                Ok(item) => {
                    body.advance_to(&ahead);
                    items.push(item);
                }
                Err(why) => unread.push(Unread {
                    tokens: pass_over(&body)?,
                    why,
                }),
            }
        }
        Ok(ItemImpl {
            attrs,
            unsafety,
            impl_token,
            generics,
            negation,
            trait_,
            self_ty,
            brace_token,
            items,
            unread,
        })
    }
}

/// Whether the `<` that comes next is not that of a type such as `<A as B>::C`.
fn begins_generics(input: ParseStream<'_>) -> bool {
    let is_named = input.peek2(Ident) || input.peek2(Lifetime);
    let goes_on = input.peek3(Token![,])
        || input.peek3(Token![>])
        || input.peek3(Token![=])
        || input.peek3(Token![:]) && !input.peek3(Token![::]);
    input.peek(Token![<])
        && (input.peek2(Token![>])
            || input.peek2(Token![#])
            || input.peek2(Token![const])
            || is_named && goes_on)
}

fn path(ty: &Type) -> Option<&Path> {
    match ty {
        Type::Group(group) => path(&group.elem),
        Type::Path(ty) if ty.qself.is_none() => Some(&ty.path),
        _ => None,
    }
}

/// Takes what is no item, up to where one may begin.
fn pass_over(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut unread = TokenStream::new();
    let mut in_the_middle = false;
    while !input.is_empty() {
        let begins = input.peek(Token![#])
            || input.peek(Token![pub])
            || input.peek(Token![async])
            || input.peek(Token![fn])
            || input.peek(Token![const])
            || input.peek(Token![type]);
        if begins && in_the_middle {
            break;
        }
        // What may stand before the name of an item is not the middle of it.
        in_the_middle |= input.peek(Token![fn]) || !begins && !input.peek(token::Bracket);
        let tree: TokenTree = input.parse()?;
        let ends = match &tree {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(mark) => mark.as_char() == ';',
            _ => false,
        };
        unread.extend([tree]);
        if ends {
            break;
        }
    }
    Ok(unread)
}

impl Parse for ImplItem {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let ahead = input.fork();
        let mut attrs = ahead.call(Attribute::parse_outer)?;
        let vis: Visibility = ahead.parse()?;
        if ahead.peek(Token![type]) || begins_constant(&ahead) {
            return up_to(input, false).map(ImplItem::Plain);
        }
        if ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(Token![fn])
        {
            let sig: Signature = ahead.parse()?;
            if ahead.peek(Token![;]) {
                // There is no body: the compiler says so.
                return up_to(input, true).map(ImplItem::Verbatim);
            }
            let body = body(&ahead, &mut attrs)?;
            input.advance_to(&ahead);
            return Ok(ImplItem::Fn(Box::new(ImplItemFn {
                attrs,
                vis,
                sig,
                body,
            })));
        }
        if ahead.peek(Token![default]) {
            // The compiler's to judge.
            return up_to(input, true).map(ImplItem::Verbatim);
        }
        call(input).map(ImplItem::Verbatim)
    }
}

fn begins_constant(input: ParseStream<'_>) -> bool {
    input.peek(Token![const]) && (input.peek2(Ident) || input.peek2(Token![_]))
}

/// Takes everything up to a semicolon, or up to the body of a function. A semicolon that is not there the
/// compiler has missed already: it is put where the next item begins.
fn up_to(input: ParseStream<'_>, is_function: bool) -> syn::Result<TokenStream> {
    let (mut tokens, mut items) = (TokenStream::new(), 0);
    let mut last = input.span();
    loop {
        let is_keyword = input.peek(Token![fn]) || input.peek(Token![type]);
        items += usize::from(is_keyword && input.peek2(Ident) || begins_constant(input));
        if items > 1 || input.is_empty() {
            Token![;](last).to_tokens(&mut tokens);
            return Ok(tokens);
        }
        let ends = input.peek(Token![;]) || is_function && input.peek(token::Brace);
        let next: TokenTree = input.parse()?;
        last = next.span();
        tokens.extend([next]);
        if ends {
            return Ok(tokens);
        }
    }
}

/// The call of a macro.
fn call(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    tokens.append_all(input.call(Attribute::parse_outer)?);
    let call: Macro = input.parse()?;
    call.to_tokens(&mut tokens);
    if !matches!(call.delimiter, MacroDelimiter::Brace(_)) {
        input.parse::<Token![;]>()?.to_tokens(&mut tokens);
    }
    Ok(tokens)
}

impl ToTokens for ImplItem {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            ImplItem::Fn(function) => function.to_tokens(tokens),
            ImplItem::Plain(item) | ImplItem::Verbatim(item) => item.to_tokens(tokens),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    fn read(tokens: TokenStream) -> ItemImpl {
        match syn::parse2::<ItemImpl>(tokens.clone()) {
            Ok(item) => item,
            Err(why) => unreachable!("{tokens}: {why}"),
        }
    }

    #[test]
    fn what_begins_with_an_angle_may_be_generics_or_a_type() {
        for (tokens, parameters) in [
            (
                quote!(
                    impl<T> ::a::B<T> for C<T> {}
                ),
                1,
            ),
            (
                quote!(
                    impl<T: Send> ::a::B<T> for C<T> {}
                ),
                1,
            ),
            (
                quote!(
                    impl<'a, const N: usize> B for C<'a, N> where C<'a, N>: D {}
                ),
                2,
            ),
            (
                quote!(
                    impl<#[cfg(a)] T = u8> !B for C {}
                ),
                1,
            ),
            (
                quote!(
                    impl B for (C, D) {}
                ),
                0,
            ),
            (
                quote!(
                    unsafe impl B for <C as D>::E {}
                ),
                0,
            ),
            (
                quote!(
                    impl <C as D>::E {}
                ),
                0,
            ),
            (
                quote!(
                    impl ! {}
                ),
                0,
            ),
        ] {
            let item = read(tokens.clone());
            assert_eq!(item.generics.params.len(), parameters, "{tokens}");
            assert_eq!(
                item.to_token_stream().to_string(),
                tokens.to_string().replace("impl < > ", "impl ")
            );
        }
    }

    #[test]
    fn items_are_told_apart() {
        let item = read(quote! {
            impl B for C {
                #![allow(a)]
                const A: [u8; 2] = { [1, 2] };
                type T<'a> = fn(u8) -> u8 where Self: 'a;
                pub(crate) async fn f(&self) {}
                const fn g(&self) {}
                fn without(&self) -> u8;
                default fn special(&self) {}
                call! { fn inside() {} }
                self::call!(fn inside() {});
            }
        });
        let kinds = item.items.iter().map(|item| match item {
            ImplItem::Fn(_) => 'f',
            ImplItem::Plain(_) => 'p',
            ImplItem::Verbatim(_) => 'v',
        });
        assert_eq!(kinds.collect::<String>(), "ppffvvvv");
        assert_eq!((item.attrs.len(), item.unread.len()), (1, 0));
    }

    #[test]
    fn what_has_no_end_does_not_take_the_next_one_with_it() {
        for unread in [
            quote!(fn f(&mut self, by) {}),
            quote!(fn f(&mut self, : i64) {}),
            quote!(call!()),
        ] {
            let item = read(
                quote!(impl B for C { #unread fn g(&self) {} fn h(&self) {} const Z: u8 = 1; }),
            );
            assert_eq!((item.items.len(), item.unread.len()), (3, 1), "{unread}");
            assert_eq!(
                item.unread.first().map(|one| one.tokens.to_string()),
                Some(unread.to_string())
            );
        }
        for item in [quote!(const A: u8 = 1), quote!(type A = u8)] {
            let item = read(quote!(impl B for C { #item fn g(&self) {} #item }));
            assert_eq!((item.items.len(), item.unread.len()), (3, 0));
        }
    }
}
