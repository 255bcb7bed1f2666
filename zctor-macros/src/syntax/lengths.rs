//! Lengths of arrays that are more than sums and paths.
//!
//! To `if`, `match` and the like `syn` is blind without its reader for all expressions. Such a length is put
//! aside before anything is read, and put back where its name stands in the output.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};

#[derive(Default)]
pub(crate) struct Lengths(Vec<TokenStream>);

impl Lengths {
    /// Puts lengths aside, in as many braces as are within each other.
    pub(crate) fn hide(&mut self, tokens: TokenStream, braces: usize) -> TokenStream {
        let trees = tokens.into_iter();
        trees.map(|tree| self.hide_in(tree, braces)).collect()
    }

    fn hide_in(&mut self, tree: TokenTree, braces: usize) -> TokenTree {
        let TokenTree::Group(group) = tree else {
            return tree;
        };
        let left = match group.delimiter() {
            Delimiter::Brace => braces.checked_sub(1),
            _ => Some(braces),
        };
        let Some(braces) = left else {
            return TokenTree::Group(group);
        };
        let mut trees = group.stream().into_iter();
        let is_array = group.delimiter() == Delimiter::Bracket;
        let mut inside = TokenStream::new();
        while let Some(tree) = trees.next() {
            let ends = is_array && matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == ';');
            inside.extend([self.hide_in(tree, braces)]);
            if ends {
                inside.extend(self.hide_length(trees.collect()));
                break;
            }
        }
        with(&group, inside)
    }

    fn hide_length(&mut self, length: TokenStream) -> TokenStream {
        if !is_involved(&length) {
            return length;
        }
        let name = format!("{PREFIX}{}", self.0.len());
        self.0.push(length);
        TokenTree::Ident(Ident::new(&name, Span::call_site())).into()
    }

    /// Puts them back.
    pub(crate) fn restore(&self, tokens: TokenStream) -> TokenStream {
        if self.0.is_empty() {
            return tokens;
        }
        let mut all = TokenStream::new();
        for tree in tokens {
            match tree {
                TokenTree::Group(group) => {
                    all.extend([with(&group, self.restore(group.stream()))]);
                }
                TokenTree::Ident(name) => match self.named(&name) {
                    Some(length) => all.extend(length.clone()),
                    None => all.extend([TokenTree::Ident(name)]),
                },
                other => all.extend([other]),
            }
        }
        all
    }

    fn named(&self, name: &Ident) -> Option<&TokenStream> {
        let name = name.to_string();
        self.0
            .get(name.strip_prefix(PREFIX)?.parse::<usize>().ok()?)
    }
}

const PREFIX: &str = "__zctor_length_";

fn with(group: &Group, inside: TokenStream) -> TokenTree {
    let mut changed = Group::new(group.delimiter(), inside);
    changed.set_span(group.span());
    TokenTree::Group(changed)
}

/// Whether it has a block, an array or a closure in it.
fn is_involved(length: &TokenStream) -> bool {
    length.clone().into_iter().any(|tree| match tree {
        TokenTree::Group(group) => match group.delimiter() {
            Delimiter::Brace | Delimiter::Bracket => true,
            Delimiter::Parenthesis | Delimiter::None => is_involved(&group.stream()),
        },
        TokenTree::Punct(mark) => mark.as_char() == '|',
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_is_put_aside_comes_back() {
        let item = quote! {
            enum Sized {
                Sum([u8; 2 * N + 1]),
                If(Vec<[[u8; if A { 1 } else { 2 }]; { N }]>),
                #[reply([u8; [1, 2].len()])]
                Get { by: [u8; (|x| x)(1)] },
            }
        };
        let mut lengths = Lengths::default();
        let hidden = lengths.hide(item.clone(), 2);
        assert_eq!(lengths.0.len(), 4, "{hidden}");
        assert!(syn::parse2::<super::super::ItemEnum>(hidden.clone()).is_ok());
        assert_eq!(lengths.restore(hidden).to_string(), item.to_string());
    }

    #[test]
    fn bodies_are_left_alone() {
        let item = quote! {
            impl SizedActor for S {
                fn sum(&mut self, _: [u8; { N }]) { [0; { N }]; }
            }
        };
        let mut lengths = Lengths::default();
        lengths.hide(item, 1);
        assert_eq!(lengths.0.len(), 1);
    }
}
