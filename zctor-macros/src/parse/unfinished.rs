//! Enums that are being typed: what of them can be read all the same.
//!
//! The compiler has recovered from such mistakes, and an editor does so all the time; both hand the tokens
//! over as they are. What else there is in the enum should not be missing because of them.

use std::cell::{Cell, RefCell};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::quote;
use syn::parse::discouraged::Speculative;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::{
    Attribute, Field, Fields, FieldsNamed, FieldsUnnamed, Ident, Token, Variant, Visibility,
    braced, parenthesized, token,
};

use crate::diag::as_type;
use crate::syntax::ItemEnum;
use crate::tokens;
use crate::wording::item as say;

/// An enum whose head can be read.
pub(super) struct Unfinished {
    pub(super) item: ItemEnum,
    /// What is said of fields whose types cannot be read, also in the place of the types.
    pub(super) mistakes: Vec<syn::Error>,
    /// Whether nothing else is missing but commas.
    pub(super) whole: bool,
}

pub(super) fn of_enum(tokens: &TokenStream) -> Option<Unfinished> {
    let (head, body) = head_and_body(tokens)?;
    let mut item = syn::parse2::<ItemEnum>(head).ok()?;
    let reading = Reading {
        mistakes: RefCell::new(Vec::new()),
        whole: Cell::new(true),
    };
    let variants = |input: ParseStream<'_>| reading.variants(input);
    item.variants = variants.parse2(body.stream()).ok()?;
    Some(Unfinished {
        item,
        mistakes: reading.mistakes.into_inner(),
        whole: reading.whole.get(),
    })
}

/// The item with an empty body, and the body.
fn head_and_body(tokens: &TokenStream) -> Option<(TokenStream, Group)> {
    let mut trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    match trees.pop()? {
        TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => {
            trees.push(tokens::regrouped(&body, TokenStream::new()));
            Some((tokens::all(trees), body))
        }
        _ => None,
    }
}

/// What `read` finds here; if it finds nothing, nothing is taken.
fn found<P>(
    input: ParseStream<'_>,
    read: impl FnOnce(ParseStream<'_>) -> syn::Result<P>,
) -> Option<P> {
    let ahead = input.fork();
    let part = read(&ahead).ok()?;
    input.advance_to(&ahead);
    Some(part)
}

/// The body of an enum that is read.
struct Reading {
    mistakes: RefCell<Vec<syn::Error>>,
    /// Whether nothing has been left out.
    whole: Cell<bool>,
}

impl Reading {
    fn variants(&self, input: ParseStream<'_>) -> syn::Result<Punctuated<Variant, Token![,]>> {
        let mut variants = Punctuated::new();
        while !input.is_empty() {
            let whole = found(input, |input| input.parse());
            let variant = whole.or_else(|| found(input, |input| self.variant(input)));
            // A comma that is missing is no reason to overlook what begins behind it.
            let next = input.fork().parse::<Ident>();
            let begins = input.peek(Token![#])
                || next.is_ok_and(|name| name.to_string().starts_with(char::is_uppercase));
            if variant.is_none() || !begins {
                self.skip(input)?;
            }
            variants.extend(variant);
        }
        Ok(variants)
    }

    /// A variant that has a name, whatever its fields are.
    fn variant(&self, input: ParseStream<'_>) -> syn::Result<Variant> {
        let attrs = input.call(Attribute::parse_outer)?;
        let ident: Ident = input.parse()?;
        let fields = if input.peek(token::Brace) {
            let body;
            let brace_token = braced!(body in input);
            let named = self.fields(&body, true)?;
            Fields::Named(FieldsNamed { brace_token, named })
        } else if input.peek(token::Paren) {
            let body;
            let paren_token = parenthesized!(body in input);
            let unnamed = self.fields(&body, false)?;
            Fields::Unnamed(FieldsUnnamed {
                paren_token,
                unnamed,
            })
        } else {
            Fields::Unit
        };
        Ok(Variant {
            attrs,
            ident,
            fields,
            discriminant: None,
        })
    }

    fn fields(
        &self,
        input: ParseStream<'_>,
        named: bool,
    ) -> syn::Result<Punctuated<Field, Token![,]>> {
        let mut fields = Punctuated::new();
        while !input.is_empty() {
            let whole = found(input, |input| {
                let field = match named {
                    true => Field::parse_named(input)?,
                    false => Field::parse_unnamed(input)?,
                };
                match input.is_empty() || input.peek(Token![,]) {
                    true => Ok(field),
                    false => Err(input.error("more of it")),
                }
            });
            let field = whole.or_else(|| found(input, |input| self.field(input, named)));
            self.skip(input)?;
            fields.extend(field);
        }
        Ok(fields)
    }

    /// A field of whatever type.
    fn field(&self, input: ParseStream<'_>, named: bool) -> syn::Result<Field> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis: Visibility = input.parse()?;
        // With a type that can be read, which is then replaced.
        let (mut field, mistake) = match named {
            true => {
                let name: Ident = input.parse()?;
                let mistake = syn::Error::new(name.span(), say::unread_field(&name.to_string()));
                (Field::parse_named.parse2(quote!(#name: ()))?, mistake)
            }
            false => {
                let mistake = syn::Error::new(input.span(), say::unread_type());
                (Field::parse_unnamed.parse2(quote!(()))?, mistake)
            }
        };
        (field.attrs, field.vis, field.ty) = (attrs, vis, as_type(&mistake));
        self.mistakes.borrow_mut().push(mistake);
        // The rest of it, which is no more than that.
        while !input.is_empty() && !input.peek(Token![,]) {
            input.parse::<TokenTree>()?;
        }
        Ok(field)
    }

    /// Takes everything before the next comma, and the comma.
    fn skip(&self, input: ParseStream<'_>) -> syn::Result<()> {
        while !input.is_empty() {
            if input.peek(Token![,]) {
                input.parse::<Token![,]>()?;
                break;
            }
            self.whole.set(false);
            input.parse::<TokenTree>()?;
        }
        Ok(())
    }
}
