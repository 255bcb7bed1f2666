//! The catalogue: what the macros say, and that each saying of it is shown by a program in `ui-tests/`.
//!
//! The sayings are the texts in `wording/`, found there by a parser: no list is kept by hand. One that is
//! put together from parts is looked for with anything in its gaps.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::visit::{self, Visit};

/// Where the folders of the workspace are.
fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// All files of that ending, however deep.
fn files(under: &Path, ending: &str) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(under).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            all.extend(files(&path, ending));
        } else if path.extension().is_some_and(|found| found == ending) {
            all.push(path);
        }
    }
    all.sort();
    all
}

fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// A text with gaps.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Saying(Vec<String>);

impl Saying {
    /// As `format!` reads it, and then the compiler, which has a gap of its own.
    fn new(format: &str) -> Saying {
        let format = format.replace("{{Self}}", "{}");
        let (mut parts, mut part, mut gap) = (Vec::new(), String::new(), false);
        let mut letters = format.chars().peekable();
        while let Some(letter) = letters.next() {
            match letter {
                '{' | '}' if letters.peek() == Some(&letter) && !gap => {
                    letters.next();
                    part.push(letter);
                }
                '{' => {
                    gap = true;
                    parts.push(std::mem::take(&mut part));
                }
                '}' => gap = false,
                _ if gap => {}
                _ => part.push(letter),
            }
        }
        parts.push(part);
        Saying(parts)
    }

    /// The text, with something in its gaps: the whole of it.
    fn is(&self, text: &str) -> bool {
        let (Some((first, more)), text) = (self.0.split_first(), text.trim()) else {
            return false;
        };
        let Some((last, middle)) = more.split_last() else {
            return first.trim() == text;
        };
        let Some(rest) = text.strip_prefix(first.trim_start()) else {
            return false;
        };
        let Some(mut rest) = rest.strip_suffix(last.trim_end()) else {
            return false;
        };
        middle
            .iter()
            .all(|part| match rest.split_once(part.as_str()) {
                Some((_, after)) => {
                    rest = after;
                    true
                }
                None => false,
            })
    }
}

/// The sayings of one file: what a mistake is called, and all other prose.
#[derive(Default)]
struct Sayings {
    /// The first lines of messages.
    what: BTreeSet<Saying>,
    /// Ways out, reasons, and parts of those.
    more: BTreeSet<Saying>,
}

impl Sayings {
    fn of(path: &Path) -> Sayings {
        let mut sayings = Sayings::default();
        if let Ok(file) = syn::parse_file(&text(path)) {
            sayings.visit_file(&file);
        }
        sayings
    }

    fn add(&mut self, literal: &str, first: bool) {
        if first {
            self.what.insert(Saying::new(literal));
        } else if literal.contains(' ') {
            self.more.insert(Saying::new(literal));
        }
    }

    /// The literal that is the text, or that `format!` makes it from.
    fn literal(expr: &syn::Expr) -> Option<String> {
        match expr {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value()),
            syn::Expr::Macro(call) if call.mac.path.is_ident("format") => {
                Some(format_of(call.mac.tokens.clone())?.value())
            }
            _ => None,
        }
    }
}

fn format_of(tokens: proc_macro2::TokenStream) -> Option<syn::LitStr> {
    let first = tokens.into_iter().next()?;
    syn::parse2(first.into()).ok()
}

impl<'a> Visit<'a> for Sayings {
    fn visit_item_mod(&mut self, item: &'a syn::ItemMod) {
        // Tests are not for users.
        if item.ident != "tests" {
            visit::visit_item_mod(self, item);
        }
    }

    fn visit_expr_call(&mut self, call: &'a syn::ExprCall) {
        let is_new = matches!(&*call.func, syn::Expr::Path(path) if {
            let names: Vec<_> = path.path.segments.iter().map(|one| one.ident.to_string()).collect();
            names == ["Message", "new"]
        });
        match call
            .args
            .first()
            .and_then(Sayings::literal)
            .filter(|_| is_new)
        {
            Some(literal) => self.add(&literal, true),
            None => visit::visit_expr_call(self, call),
        }
    }

    fn visit_lit_str(&mut self, literal: &'a syn::LitStr) {
        self.add(&literal.value(), false);
    }

    fn visit_macro(&mut self, call: &'a syn::Macro) {
        if let Some(literal) = format_of(call.tokens.clone()) {
            self.add(&literal.value(), false);
        }
    }

    // Documentation is not for users of the macros.
    fn visit_attribute(&mut self, _: &'a syn::Attribute) {}
}

fn sayings() -> BTreeMap<String, Sayings> {
    let folder = workspace().join("zctor-macros/src/wording");
    files(&folder, "rs")
        .into_iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default();
            (name.to_string_lossy().into_owned(), Sayings::of(&path))
        })
        .collect()
}

/// What the compiler says of a program: errors by their first lines, and all other lines.
struct Shown {
    case: String,
    errors: Vec<Error>,
    lines: Vec<String>,
}

struct Error {
    /// Without `error: `, or what a constant's evaluation has said.
    text: String,
    /// `E0277`, if the compiler has words of its own for it.
    code: Option<String>,
    /// Whether it is a lint's.
    lint: bool,
}

fn shown() -> Vec<Shown> {
    let folder = workspace().join("ui-tests/fail");
    files(&folder, "stderr")
        .into_iter()
        .map(|path| {
            let case = path.strip_prefix(&folder).unwrap_or(&path);
            let all = text(&path);
            Shown {
                case: case.with_extension("").to_string_lossy().into_owned(),
                errors: all.split("\n\nerror").map(Error::of).collect(),
                lines: all.lines().map(str::to_owned).collect(),
            }
        })
        .collect()
}

impl Error {
    fn of(paragraph: &str) -> Error {
        let paragraph = paragraph.trim_start_matches("error");
        let first = paragraph.lines().next().unwrap_or_default();
        let (code, text) = match first.split_once(": ") {
            Some((code, text)) => (code.trim_matches(['[', ']']), text),
            None => ("", first),
        };
        Error {
            text: text.trim_start_matches("evaluation panicked: ").to_owned(),
            code: (!code.is_empty()).then(|| code.to_owned()),
            lint: paragraph.contains("the lint level is defined here"),
        }
    }
}

#[test]
fn every_saying_is_shown() {
    let shown = shown();
    let errors: Vec<&str> = shown
        .iter()
        .flat_map(|shown| shown.errors.iter().map(|error| error.text.as_str()))
        .collect();
    let others: BTreeSet<&str> = shown
        .iter()
        .flat_map(|shown| &shown.lines)
        .map(|line| {
            let line = line.trim();
            let line = line.trim_start_matches(['=', '|']).trim_start();
            line.split_once(": ").map_or(line, |(_, text)| text)
        })
        .collect();
    let mut unshown = Vec::new();
    for (file, sayings) in sayings() {
        for saying in &sayings.what {
            if !errors.iter().any(|error| saying.is(error)) {
                unshown.push(format!("{file}: {}", saying.0.join("…")));
            }
        }
        for saying in &sayings.more {
            // A part of a line may stand anywhere in it.
            let mut anywhere = saying.clone();
            anywhere.0.insert(0, String::new());
            anywhere.0.push(String::new());
            if !others.iter().any(|line| anywhere.is(line)) {
                unshown.push(format!("{file}: help: {}", saying.0.join("…")));
            }
        }
    }
    assert!(
        unshown.is_empty(),
        "no case in ui-tests/fail shows these:\n{}",
        unshown.join("\n")
    );
}

/// Each case shows what it is for: a saying of ours, or an error that the compiler has a code for.
/// What has neither would be a mistake that nobody has thought of.
#[test]
fn every_error_is_a_saying_or_has_a_code() {
    let what: BTreeSet<Saying> = sayings().into_values().flat_map(|one| one.what).collect();
    for Shown { case, errors, .. } in shown() {
        for error in &errors {
            assert!(
                error.code.is_some()
                    || error.lint
                    || OF_THE_COMPILER
                        .iter()
                        .any(|start| error.text.starts_with(start))
                    || what.iter().any(|saying| saying.is(&error.text)),
                "{case}: who says `{}`?",
                error.text
            );
        }
        assert!(!errors.is_empty(), "{case}");
    }
}

/// What the compiler says without a code.
const OF_THE_COMPILER: &[&str] = &[
    "future cannot be sent between threads safely",
    "expected ",
    "lifetime may not live long enough",
    "unused ",
];

/// The guide's page of mistakes says of each what is said: what it quotes stands in a case, line for line,
/// but for the compiler's frame.
#[test]
fn what_the_guide_quotes_is_shown() {
    let shown: Vec<String> = files(&workspace().join("ui-tests/fail"), "stderr")
        .iter()
        .map(|path| text(path).replace("evaluation panicked: ", ""))
        .collect();
    let page = text(&workspace().join("src/mistakes.md"));
    let quotes = page.split("```text\n").skip(1);
    let quotes = quotes.filter_map(|block| block.split("```").next());
    let lines: Vec<_> = quotes.flat_map(str::lines).collect();
    let mut unshown = Vec::new();
    for line in &lines {
        let bare = line.trim().trim_start_matches(['|', '=']).trim_start();
        let is_frame = bare.is_empty() || bare == "..." || bare.starts_with("-->");
        if !is_frame && !shown.iter().any(|shown| shown.contains(bare)) {
            unshown.push(*line);
        }
    }
    assert!(lines.len() > 20, "the page was not read");
    assert!(
        unshown.is_empty(),
        "no case in ui-tests/fail shows these:\n{}",
        unshown.join("\n")
    );
}

/// How many cases there are, and how many things are said in them.
#[test]
fn there_is_a_case_for_each_kind_of_mistake() {
    let shown = shown();
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for Shown { case, .. } in &shown {
        let kind = case.split('/').next().unwrap_or_default();
        *kinds.entry(kind.to_owned()).or_default() += 1;
    }
    for kind in [
        "conflict",
        "duplicate",
        "generics",
        "lifetimes",
        "malformed",
        "misplaced",
        "missing",
        "name-collision",
        "recovery",
        "signature",
        "types",
        "unknown",
        "useless",
    ] {
        let cases = kinds.get(kind).copied().unwrap_or_default();
        assert!(cases >= 6, "only {cases} cases of {kind}");
    }
    let ui = text(&workspace().join("tests/ui.rs"));
    for kind in kinds.keys() {
        assert!(
            ui.contains(&format!("{kind}\"")) || ui.contains(&format!("/{kind}/")),
            "nobody runs {kind}"
        );
    }
    let programs = files(&workspace().join("ui-tests/fail"), "rs").len();
    assert_eq!(programs, shown.len(), "each program has its .stderr");
    let what: BTreeSet<Saying> = sayings().into_values().flat_map(|one| one.what).collect();
    let right = files(&workspace().join("ui-tests/pass"), "rs").len();
    println!(
        "{programs} programs with mistakes, {right} without, {} different messages",
        what.len()
    );
    assert!(programs >= 150 && right >= 40 && what.len() >= 100);
}

#[test]
fn gaps_are_filled_with_anything() {
    let saying = Saying::new("`{name}` is {{given}} twice in {}");
    assert!(saying.is("`a b` is {given} twice in x"));
    assert!(!saying.is("`a` is {given} once in x"));
    assert!(Saying::new("as it is").is("as it is"));
    assert!(!Saying::new("as it is").is("as it is not"));
}
