//! Hints: for each attribute a module with the words that may stand in it, and a `use` of those that do.
//! There an editor completes them, and finds what they mean.
//!
//! They are read from the tokens, not from the model, so they are there whatever else is mistaken. To
//! complete a word, an editor puts one of its own at the cursor and compares what is made of both: what
//! stands before the word has to be the same, and the word has to stand in the same module. So hints come
//! first in the expansion, and in each module the `use` comes first.

use proc_macro2::{Delimiter, Group, Ident, Spacing, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::presence;
use super::words::{ACTOR, MARKS, OTHERS, SUPERVISOR, Word};
use crate::parse::list::{Entry, Form, entries, parted};

/// For `#[actor(options)] item`.
pub(crate) fn actor(options: &TokenStream, item: &TokenStream) -> TokenStream {
    hints(ACTOR, options, item)
}

/// For `#[supervisor(options)] item`.
pub(crate) fn supervisor(options: &TokenStream, item: &TokenStream) -> TokenStream {
    hints(SUPERVISOR, options, item)
}

fn hints(words: &'static [Word], options: &TokenStream, item: &TokenStream) -> TokenStream {
    if !presence::is_there() {
        return TokenStream::new();
    }
    let mut hints = Hints::default();
    hints.list(words, options.clone(), false, &[]);
    let variants = variants(item);
    let marks = variants.iter().flat_map(|variant| &variant.marks);
    let marks = marks.map(|mark| mark.name.clone());
    hints.place(
        MARKS,
        marks.filter(|name| !OTHERS.contains(&name.to_string().as_str())),
        OTHERS,
    );
    for variant in &variants {
        for mark in &variant.marks {
            let Some(word) = MARKS.iter().find(|word| mark.name == word.name) else {
                continue;
            };
            if let Some(inside) = &mark.inside {
                hints.list(word.options, inside.clone(), word.behind, &variant.fields);
            }
        }
    }
    let modules = hints.modules;
    quote!(const _: () = { #(#modules)* };)
}

#[derive(Default)]
struct Hints {
    modules: Vec<TokenStream>,
}

impl Hints {
    /// The options in a list, and what is in them.
    fn list(
        &mut self,
        words: &'static [Word],
        tokens: TokenStream,
        behind: bool,
        fields: &[Ident],
    ) {
        if words.is_empty() {
            return;
        }
        let mut all = Vec::new();
        for entry in entries(tokens) {
            let mut rest = Some(entry);
            while let Some(entry) = rest {
                let (first, next) = parted(entry);
                all.push(first);
                rest = next;
            }
        }
        let is_option = |entry: &Entry| matches!(entry.form, Form::Value(_) | Form::Missing);
        if behind && all.first().is_some_and(|first| !is_option(first)) {
            all.remove(0);
        }
        self.place(words, all.iter().filter_map(|entry| entry.key.clone()), &[]);
        for entry in all {
            let Some(key) = &entry.key else {
                continue;
            };
            let Some(word) = words.iter().find(|word| key == word.name) else {
                continue;
            };
            match entry.form {
                Form::List(inner) => self.list(word.options, inner, false, fields),
                Form::Value(value) => {
                    if let Some(TokenTree::Ident(found)) = value.into_iter().next() {
                        self.value(word, Some(found), fields);
                    }
                }
                Form::Missing => self.value(word, None, fields),
                Form::Word | Form::Other => {}
            }
        }
    }

    /// The word that stands behind an `=`.
    fn value(&mut self, of: &'static Word, found: Option<Ident>, fields: &[Ident]) {
        // What begins with a capital is the name of something else.
        let begins_large = |found: &Ident| found.to_string().starts_with(char::is_uppercase);
        if found.as_ref().is_some_and(begins_large) {
            return;
        }
        if of.field {
            let all = fields.iter().map(|field| {
                let says = format!("The field `{field}`.");
                (field.clone(), says)
            });
            self.module(all.collect(), found);
        } else if !of.values.is_empty() {
            self.place(of.values, found, &[]);
        }
    }

    /// A place where one of these words may stand, and what stands there.
    fn place(
        &mut self,
        words: &'static [Word],
        found: impl IntoIterator<Item = Ident>,
        others: &[&str],
    ) {
        let words = words.iter().map(|word| (word.name, word.says));
        let others = others.iter().map(|name| (*name, "An attribute of Rust."));
        let items = words.chain(others).map(|(name, says)| {
            let name = Ident::new(name, Span::call_site());
            (name, says.to_owned())
        });
        self.module(items.collect(), found);
    }

    fn module(&mut self, items: Vec<(Ident, String)>, found: impl IntoIterator<Item = Ident>) {
        let name = format!("hints_{}", self.modules.len());
        let name = Ident::new(&name, Span::call_site());
        let found = found.into_iter();
        // Keywords cannot be imported. Of what is not there an editor says nothing within a body.
        let found = found.filter(|found| syn::parse2::<Ident>(found.to_token_stream()).is_ok());
        let (names, says): (Vec<_>, Vec<_>) = items.iter().map(|(name, says)| (name, says)).unzip();
        self.modules.push(quote! {
            #[allow(non_camel_case_types)]
            mod #name {
                use self::{#(#found as _,)*};
                #(#[doc = #says] pub struct #names;)*
            }
        });
    }
}

/// What hints need of a variant.
#[derive(Default)]
struct Variant {
    marks: Vec<Mark>,
    fields: Vec<Ident>,
}

struct Mark {
    name: Ident,
    inside: Option<TokenStream>,
}

/// The variants, as far as they can be told apart.
fn variants(item: &TokenStream) -> Vec<Variant> {
    let groups = item.clone().into_iter().filter_map(|tree| match tree {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => Some(group),
        _ => None,
    });
    let Some(body) = groups.last() else {
        return Vec::new();
    };
    let mut variants = Vec::new();
    let mut variant = Variant::default();
    let mut before = ' ';
    for tree in body.stream() {
        let mark = match &tree {
            TokenTree::Punct(punct) => punct.as_char(),
            _ => ' ',
        };
        match &tree {
            TokenTree::Group(group) if before == '#' && group.delimiter() == Delimiter::Bracket => {
                variant.marks.extend(self::mark(group));
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                variant.fields = fields(group);
            }
            _ if mark == ',' => variants.push(std::mem::take(&mut variant)),
            _ => {}
        }
        before = mark;
    }
    variants.push(variant);
    variants
}

fn mark(attribute: &Group) -> Option<Mark> {
    let mut trees = attribute.stream().into_iter();
    let TokenTree::Ident(name) = trees.next()? else {
        return None;
    };
    let inside = match trees.next() {
        Some(TokenTree::Group(group)) => Some(group.stream()),
        _ => None,
    };
    Some(Mark { name, inside })
}

/// The names of the fields: what stands before a single colon.
fn fields(body: &Group) -> Vec<Ident> {
    let mut names = Vec::new();
    let mut name = None;
    for tree in body.stream() {
        match tree {
            TokenTree::Ident(ident) => name = Some(ident),
            TokenTree::Punct(colon) if colon.as_char() == ':' => {
                let single = colon.spacing() == Spacing::Alone;
                names.extend(name.take().filter(|_| single));
            }
            _ => name = None,
        }
    }
    names
}
