//! Constants in types: lengths of arrays, const arguments and their defaults.
//!
//! `syn` reads no `if`, `match` or block without its reader for all expressions, but the call of a macro it
//! reads. So a constant is made the argument of one before anything is read, and is itself again in the
//! output, and wherever it is shown.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::tokens::regrouped;

/// Those of one item.
#[derive(Default)]
pub(crate) struct Constants {
    found: bool,
}

impl Constants {
    /// Marks them, within so many braces: `[u8; __zctor_constant! { 2 * N }]`.
    pub(crate) fn mark(&mut self, tokens: TokenStream, braces: usize) -> TokenStream {
        match marked(tokens.clone(), braces) {
            Some(marked) => {
                self.found = true;
                marked
            }
            None => tokens,
        }
    }

    /// Takes the marks away.
    pub(crate) fn unmark(&self, tokens: TokenStream) -> TokenStream {
        match self.found {
            true => unmarked(tokens),
            false => tokens,
        }
    }
}

const MARK: &str = "__zctor_constant";

/// The tokens with constants marked, if there are any.
fn marked(tokens: TokenStream, braces: usize) -> Option<TokenStream> {
    let trees: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut all, mut found) = (TokenStream::new(), false);
    for (at, tree) in trees.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| trees.get(before));
        let inside = match tree {
            TokenTree::Group(group) => {
                let is_argument = is_argument(before, trees.get(at + 1));
                marked_in(group, is_argument, braces).map(|inside| regrouped(group, inside))
            }
            _ => None,
        };
        found |= inside.is_some();
        all.extend([inside.unwrap_or_else(|| tree.clone())]);
    }
    found.then_some(all)
}

fn marked_in(group: &Group, is_argument: bool, braces: usize) -> Option<TokenStream> {
    let inside = group.stream();
    match group.delimiter() {
        Delimiter::Brace if is_argument => call(inside),
        Delimiter::Brace => marked(inside, braces.checked_sub(1)?),
        Delimiter::Parenthesis | Delimiter::None => marked(inside, braces),
        Delimiter::Bracket => {
            let mut trees = inside.into_iter();
            let (mut item, mut length) = (TokenStream::new(), None);
            while let Some(tree) = trees.next() {
                let ends = matches!(&tree, TokenTree::Punct(mark) if mark.as_char() == ';');
                item.extend([tree]);
                if ends {
                    length = Some(trees.collect());
                    break;
                }
            }
            let marked = (marked(item.clone(), braces), length.clone().and_then(call));
            match marked {
                (None, None) => None,
                (first, second) => {
                    let mut array = first.unwrap_or(item);
                    array.extend(second.or(length));
                    Some(array)
                }
            }
        }
    }
}

/// Whether what is between these is a const argument, or the default of one. The body of a function may also
/// stand behind a comma.
fn is_argument(before: Option<&TokenTree>, behind: Option<&TokenTree>) -> bool {
    let is = |tree: Option<&TokenTree>, marks: &[char]| match tree {
        Some(TokenTree::Punct(mark)) => marks.contains(&mark.as_char()),
        _ => false,
    };
    is(before, &['<', ',', '=']) && is(behind, &[',', '>'])
}

/// The call of a macro that stands for a constant. A name or a number stands for itself.
fn call(constant: TokenStream) -> Option<TokenStream> {
    constant.clone().into_iter().nth(1)?;
    let mark = Ident::new(MARK, Span::call_site());
    Some(quote!(#mark! { #constant }))
}

/// The tokens as they were.
pub(crate) fn unmarked(tokens: TokenStream) -> TokenStream {
    let mut trees = tokens.into_iter();
    let mut all = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(name) if name == MARK => {
                let (_, constant) = (trees.next(), trees.next());
                if let Some(TokenTree::Group(constant)) = constant {
                    all.extend(constant.stream());
                }
            }
            TokenTree::Group(group) => {
                let inside = unmarked(group.stream());
                all.extend([regrouped(&group, inside)]);
            }
            other => all.extend([other]),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::{ItemEnum, ItemImpl};

    /// How many are marked.
    fn count(tokens: TokenStream) -> usize {
        let within = |tree| match tree {
            TokenTree::Ident(name) => usize::from(name == MARK),
            TokenTree::Group(group) => count(group.stream()),
            _ => 0,
        };
        tokens.into_iter().map(within).sum()
    }

    #[test]
    fn what_is_marked_comes_back() {
        let item = quote! {
            enum Sized<const N: usize = { if A { 1 } else { 2 } }>
            where
                Held<{ N + 1 }>: Clone,
            {
                Plain([u8; N], [u8; 4]),
                Sum([u8; 2 * N + 1]),
                If(Vec<[[u8; if A { 1 } else { 2 }]; { N }]>),
                #[reply([u8; [1, 2].len()])]
                Get { by: [u8; (|x| x)(1)] },
                Held(Held<{ const X: usize = 1; X }, u8>, Held<{ unsafe { N } }>),
                Range([u8; (0..4).end], [u8; f(..)]) = { 1 },
            }
        };
        let mut constants = Constants::default();
        let marked = constants.mark(item.clone(), 2);
        assert_eq!(count(marked.clone()), 10, "{marked}");
        assert!(syn::parse2::<ItemEnum>(marked.clone()).is_ok());
        assert_eq!(constants.unmark(marked).to_string(), item.to_string());
    }

    #[test]
    fn bodies_are_left_alone() {
        let item = quote! {
            impl SizedActor for S<{ N + 1 }> {
                fn sum(&mut self, _: [u8; N + 1]) where Self: Sized, { [0; N + 1]; f::<{ N + 1 }>() }
                fn held(&mut self, _: Held<{ if A { 1 } else { 2 } }>) {}
            }
        };
        let mut constants = Constants::default();
        let marked = constants.mark(item.clone(), 1);
        assert_eq!(count(marked.clone()), 3, "{marked}");
        assert!(syn::parse2::<ItemImpl>(marked.clone()).is_ok());
        assert_eq!(constants.unmark(marked).to_string(), item.to_string());
    }

    #[test]
    fn an_item_without_any_stays_as_it_is() {
        let mut constants = Constants::default();
        constants.mark(
            quote!(
                enum A {
                    B([u8; 4], Held<{ N }>),
                }
            ),
            2,
        );
        assert!(!constants.found);
    }
}
