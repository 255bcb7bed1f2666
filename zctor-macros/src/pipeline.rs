//! The macros as functions from tokens to tokens.

use proc_macro2::TokenStream;

use crate::diag::Report;
use crate::editor::hints;
use crate::syntax::constants::Constants;
use crate::{expand, parse, validate};

/// `#[actor(options)] item`
pub(crate) fn actor(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut all = hints::actor(&options, &item);
    all.extend(with_constants(options, item, BRACES_OF_ENUM, actor_of));
    all
}

/// Has constants be marked, within so many braces of the item, while `macro_of` reads.
fn with_constants(
    options: TokenStream,
    item: TokenStream,
    braces: usize,
    macro_of: fn(TokenStream, TokenStream) -> TokenStream,
) -> TokenStream {
    let mut constants = Constants::default();
    let options = constants.mark(options, usize::MAX);
    let item = constants.mark(item, braces);
    constants.unmark(macro_of(options, item))
}

/// Its own, and those of a variant with named fields.
const BRACES_OF_ENUM: usize = 2;

fn actor_of(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::new();
    let options = parse::options(options, &mut report);
    let Some(parsed) = parse::item("actor", item.clone(), &mut report) else {
        return report.beside(item);
    };
    if parse::is_supervisor(&parsed, &mut report) {
        return report.beside(item);
    }
    let declaration = parse::declaration("actor", parsed, options, &mut report);
    let actor = validate::actor(declaration, &mut report);
    report.beside(expand::actor(&actor))
}

/// `#[supervisor(options)] item`
pub(crate) fn supervisor(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut all = hints::supervisor(&options, &item);
    all.extend(with_constants(options, item, BRACES_OF_ENUM, supervisor_of));
    all
}

fn supervisor_of(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::new();
    let options = parse::supervisor_options(options, &mut report);
    let Some(parsed) = parse::item("supervisor", item.clone(), &mut report) else {
        return report.beside(item);
    };
    let declaration = parse::declaration("supervisor", parsed, options, &mut report);
    let supervisor = validate::supervisor(declaration, &mut report);
    report.beside(expand::actor(&supervisor))
}

/// `#[handlers(arguments)] item`
pub(crate) fn handlers(arguments: TokenStream, item: TokenStream) -> TokenStream {
    // Not in the bodies of the handlers.
    with_constants(arguments, item, 1, handlers_of)
}

fn handlers_of(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::new();
    let arguments = crate::handlers::arguments(arguments, &mut report);
    let Some(parsed) = crate::handlers::item(item.clone(), &mut report) else {
        return report.beside(item);
    };
    if crate::handlers::makes_children(&parsed, &arguments, &mut report) {
        return report.beside(item);
    }
    let checked = crate::handlers::check(parsed, arguments, &mut report);
    report.beside(crate::handlers::expand(&checked))
}
