//! Impls, and what stands in them.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt};
use syn::parse::discouraged::Speculative;
use syn::parse::{Parse, ParseStream};
use syn::{
    AttrStyle, Attribute, Generics, Ident, Macro, MacroDelimiter, Path, Token, Type, Visibility,
    WhereClause, braced, token,
};

use super::function::{ImplItemFn, Signature};

#[derive(Clone)]
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

#[derive(Clone)]
pub(crate) enum ImplItem {
    Fn(Box<ImplItemFn>),
    /// A constant or a type.
    Plain(TokenStream),
    /// A macro, or whatever else the compiler reads.
    Verbatim(TokenStream),
}

/// Up to where something begins that may be an item.
#[derive(Clone)]
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
        let mut generics = Generics::default();
        // What begins with `<` may be a type.
        let ahead = input.fork();
        if let Ok(found) = ahead.parse()
            && !ahead.peek(Token![::])
        {
            generics = found;
            input.advance_to(&ahead);
        }
        let negation = input.parse()?;
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
        ahead.call(Attribute::parse_outer)?;
        ahead.parse::<Visibility>()?;
        let semicolon = |input: ParseStream<'_>| input.peek(Token![;]);
        if ahead.peek(Token![type])
            || ahead.peek(Token![const]) && (ahead.peek2(Ident) || ahead.peek2(Token![_]))
        {
            return up_to(input, semicolon).map(ImplItem::Plain);
        }
        if ahead.peek(Token![const])
            || ahead.peek(Token![async])
            || ahead.peek(Token![unsafe])
            || ahead.peek(Token![extern])
            || ahead.peek(Token![fn])
        {
            ahead.parse::<Signature>()?;
            return match ahead.peek(Token![;]) {
                // There is no body: the compiler says so.
                true => up_to(input, semicolon).map(ImplItem::Verbatim),
                false => input
                    .parse()
                    .map(|function| ImplItem::Fn(Box::new(function))),
            };
        }
        if ahead.peek(Token![default]) {
            // The compiler's to judge.
            let end = |input: ParseStream<'_>| input.peek(Token![;]) || input.peek(token::Brace);
            return up_to(input, end).map(ImplItem::Verbatim);
        }
        call(input).map(ImplItem::Verbatim)
    }
}

/// Takes everything up to the first token that is the end.
fn up_to(input: ParseStream<'_>, is_end: fn(ParseStream<'_>) -> bool) -> syn::Result<TokenStream> {
    let mut tokens = TokenStream::new();
    loop {
        let end = is_end(input);
        input.parse::<TokenTree>()?.to_tokens(&mut tokens);
        if end {
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
