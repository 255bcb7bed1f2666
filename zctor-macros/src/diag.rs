//! Mistakes: how one is put together, and where they are collected.

use std::fmt;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;
use syn::Type;

use crate::editor::presence;
use crate::tokens;

/// What is wrong, how to put it right, and why it is so.
#[derive(Debug)]
pub(crate) struct Message {
    what: String,
    lines: Vec<(&'static str, String)>,
}

impl Message {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Message {
            what: what.into(),
            lines: Vec::new(),
        }
    }

    /// A way to put it right, as text that can be pasted wherever that is possible.
    pub(crate) fn help(mut self, line: impl Into<String>) -> Self {
        self.lines.push(("help", line.into()));
        self
    }

    /// The same, if there is such a way.
    pub(crate) fn maybe_help(self, line: Option<String>) -> Self {
        match line {
            Some(line) => self.help(line),
            None => self,
        }
    }

    /// The reason behind the rule.
    pub(crate) fn note(mut self, line: impl Into<String>) -> Self {
        self.lines.push(("note", line.into()));
        self
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        for (at, (kind, line)) in self.lines.iter().enumerate() {
            let lead = if at == 0 { "\n\n" } else { "\n" };
            write!(f, "{lead}= {kind}: {line}")?;
        }
        Ok(())
    }
}

/// Collects every mistake of one input. To drop it unread is a bug.
#[derive(Debug)]
pub(crate) struct Report {
    errors: Vec<syn::Error>,
    read: bool,
}

impl Report {
    pub(crate) fn new() -> Self {
        Report {
            errors: Vec::new(),
            read: false,
        }
    }

    /// A report for nobody: of a guess at what a mistake was meant to be.
    pub(crate) fn unheard() -> Self {
        Report {
            errors: Vec::new(),
            read: true,
        }
    }

    /// A mistake that covers all of `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: Message) {
        self.errors.push(syn::Error::new_spanned(tokens, message));
    }

    /// A mistake at one token.
    pub(crate) fn at(&mut self, span: Span, message: Message) {
        self.errors.push(syn::Error::new(span, message));
    }

    /// What the parser of Rust itself has to say.
    pub(crate) fn syntax(&mut self, error: syn::Error) {
        self.errors.push(error);
    }

    /// The latest mistake again, to stand where a type is wanted. The compiler shows it once, and has
    /// nothing to say about whatever has to do with such a type.
    pub(crate) fn latest_as_type(&self) -> Type {
        match self.errors.last() {
            Some(error) => as_type(error),
            None => Type::Verbatim(quote::quote!(())),
        }
    }

    /// Ends the collection: `output`, and an error for each mistake.
    pub(crate) fn beside(mut self, output: TokenStream) -> TokenStream {
        self.read = true;
        let errors = tokens::each(&self.errors, syn::Error::to_compile_error);
        // While a word is completed its mistakes have another length than before, and nothing that
        // an editor looks for may be moved by that.
        let (mut first, second) = match presence::is_there() {
            true => (output, errors),
            false => (errors, output),
        };
        first.extend(second);
        first
    }
}

/// A mistake that stands where a type is wanted.
pub(crate) fn as_type(error: &syn::Error) -> Type {
    // An editor shows it as often as it stands there, and has nothing to say about a type that is open.
    if presence::is_there() {
        return Type::Verbatim(quote::quote!(_));
    }
    // In the place of a type itself the compiler would read it as `()`.
    let error = error.to_compile_error();
    Type::Verbatim(quote::quote!([(); #error]))
}

impl Drop for Report {
    fn drop(&mut self) {
        debug_assert!(
            self.read || std::thread::panicking(),
            "a report of mistakes was dropped unread"
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_set_off_and_the_rest_follow() {
        let message = Message::new("what").help("this").note("why");
        assert_eq!(message.to_string(), "what\n\n= help: this\n= note: why");
    }

    #[test]
    fn errors_come_before_the_output() {
        let mut report = Report::new();
        report.at(Span::call_site(), Message::new("wrong"));
        let all = report
            .beside(quote::quote!(
                struct Kept;
            ))
            .to_string();
        assert!(
            all.contains("wrong") && all.ends_with("struct Kept ;"),
            "{all}"
        );
    }
}
