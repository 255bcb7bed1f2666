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
use crate::tokens;

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
    let mut found = Vec::new();
    for mark in variants.iter().flat_map(|variant| &variant.marks) {
        if !OTHERS.contains(&mark.name.to_string().as_str()) {
            found.push(mark.name.clone());
        }
    }
    hints.place(MARKS, found, OTHERS);
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
    quote!(const _: () = { #modules };)
}

#[derive(Default)]
struct Hints {
    modules: TokenStream,
    /// How many there are.
    count: usize,
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
        let mut found = Vec::new();
        for entry in &all {
            found.extend(entry.key.clone());
        }
        self.place(words, found, &[]);
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
        let found = Vec::from_iter(found);
        if of.field {
            let items = tokens::each(fields, |field| {
                item(field, &format!("The field `{field}`."))
            });
            self.module(items, found);
        } else if !of.values.is_empty() {
            self.place(of.values, found, &[]);
        }
    }

    /// A place where one of these words may stand, and what stands there.
    fn place(&mut self, words: &'static [Word], found: Vec<Ident>, others: &[&str]) {
        let named = |name: &str, says: &str| item(&Ident::new(name, Span::call_site()), says);
        let mut items = tokens::each(words, |word| named(word.name, word.says));
        items.extend(tokens::each(others, |name| {
            named(name, "An attribute of Rust.")
        }));
        self.module(items, found);
    }

    fn module(&mut self, items: TokenStream, found: Vec<Ident>) {
        let name = Ident::new(&format!("hints_{}", self.count), Span::call_site());
        // Keywords cannot be imported. Of what is not there an editor says nothing within a body.
        let found = tokens::each(&found, |found| {
            let keyword = syn::parse2::<Ident>(found.to_token_stream()).is_err();
            (!keyword).then(|| quote!(#found as _,))
        });
        self.count += 1;
        self.modules.extend(quote! {
            #[allow(non_camel_case_types)]
            mod #name {
                use self::{#found};
                #items
            }
        });
    }
}

/// What a word stands for, and what is said of it.
fn item(name: &Ident, says: &str) -> TokenStream {
    quote!(#[doc = #says] pub struct #name;)
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
