//! What an editor is given: names that stand where it is to go, words that it completes, and as much as
//! can be made of what is being typed.

use std::collections::BTreeSet;
use std::str::FromStr;

use proc_macro2::{LineColumn, TokenStream, TokenTree};

use crate::editor::presence::tests::in_an_editor;
use crate::editor::words::{ACTOR, MARKS, SUPERVISOR, Word};
use crate::pipeline;
use crate::wording;

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap_or_default()
}

fn actor(options: &str, item: &str) -> TokenStream {
    pipeline::actor(tokens(options), tokens(item))
}

fn supervisor(options: &str, item: &str) -> TokenStream {
    pipeline::supervisor(tokens(options), tokens(item))
}

/// All identifiers, each with the word before it.
fn words(tokens: TokenStream) -> Vec<(String, proc_macro2::Ident)> {
    let mut all = Vec::new();
    let mut before = String::new();
    for tree in tokens {
        match &tree {
            TokenTree::Group(group) => all.extend(words(group.stream())),
            TokenTree::Ident(ident) => all.push((before, ident.clone())),
            _ => {}
        }
        before = tree.to_string();
    }
    all
}

/// Where `name` stands in the source.
fn place(source: &str, name: &str) -> Option<LineColumn> {
    let mut lines = source.lines().enumerate();
    lines.find_map(|(line, text)| {
        Some(LineColumn {
            line: line + 1,
            column: text.find(name)?,
        })
    })
}

const COUNTER: &str = "
pub enum Counter<T> {
    /// Adds.
    Deposit { by: i64 },
    #[reply(i64)]
    #[method(total)]
    Get,
    #[batch(max = 8)]
    Log(T),
    #[limit(8, per = \"1s\")]
    Slow,
}
";

const SHOP: &str = "
enum Shop {
    #[child]
    Till(Till),
    #[child(count = 4)]
    Packer(Packer),
    #[child(dynamic)]
    Visit(Visit, u8),
    Audit,
}
";

/// Each name that is declared, and the part of the source from which it is made.
#[test]
fn names_stand_where_an_editor_is_to_go() {
    let counter = [
        ("trait", "CounterActor", "Counter"),
        ("struct", "CounterHandle", "Counter"),
        ("enum", "CounterKind", "Counter"),
        ("struct", "CounterDouble", "Counter"),
        ("fn", "actor", "Counter"),
        ("fn", "verify", "Counter"),
        ("fn", "new", "Counter"),
        ("fn", "handle", "Counter"),
        ("fn", "child", "Counter"),
        ("fn", "on_start", "Counter"),
        ("fn", "on_restart", "Counter"),
        ("fn", "on_stop", "Counter"),
        ("fn", "ready", "Counter"),
        ("fn", "deposit", "Deposit"),
        ("fn", "on_deposit", "Deposit"),
        ("fn", "expect_deposit", "Deposit"),
        ("fn", "total", "total"),
        ("fn", "log", "Log"),
        ("fn", "flush_log", "Log"),
        ("fn", "configure_log", "Log"),
        ("fn", "slow", "Slow"),
    ];
    let shop = [
        ("trait", "ShopChildren", "Shop"),
        ("enum", "ShopChild", "Shop"),
        ("trait", "ShopContext", "Shop"),
        ("fn", "till", "Till"),
        ("fn", "packer", "Packer"),
        ("fn", "packers", "Packer"),
        ("fn", "visits", "Visit"),
        ("fn", "start_visit", "Visit"),
        ("fn", "audit", "Audit"),
    ];
    // What is implemented rather than declared stands wherever it likes.
    let implemented = ["on_start", "on_restart", "on_stop", "ready", "child"];
    let outputs = in_an_editor(|| [actor("double", COUNTER), supervisor("", SHOP)]);
    let all = [(COUNTER, counter.as_slice()), (SHOP, shop.as_slice())];
    for ((source, expected), output) in all.into_iter().zip(outputs) {
        let words = words(output);
        for (what, name, from) in expected {
            let declared = words
                .iter()
                .filter(|(before, word)| before == what && word == name);
            let places: Vec<_> = declared
                .map(|(_, word)| Some(word.span().start()))
                .collect();
            let place = place(source, from);
            let right = match implemented.contains(name) {
                true => places.contains(&place),
                false => places.iter().all(|found| *found == place),
            };
            assert!(!places.is_empty() && right, "{what} {name}: {places:?}");
        }
    }
}

/// Of other names that stand there an editor would have something to say as well.
#[test]
fn nothing_else_stands_at_a_variant() {
    let outputs = in_an_editor(|| [actor("double", COUNTER), supervisor("", SHOP)]);
    for (source, output) in [COUNTER, SHOP].into_iter().zip(outputs) {
        for (_, word) in words(output) {
            let at = word.span().start();
            let line = source.lines().nth(at.line.saturating_sub(1));
            // What is called at the call site begins nowhere.
            let Some(text) = line
                .and_then(|line| line.get(at.column..))
                .filter(|_| at.line > 1)
            else {
                continue;
            };
            let letters = |text: &str| text.to_lowercase().replace('_', "");
            let there: String = text
                .chars()
                .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
                .collect();
            let word = word.to_string();
            let named_after = letters(&word).contains(&letters(&there));
            let common = ["Counter", "Shop"].contains(&there.as_str())
                && [
                    "actor",
                    "new",
                    "handle",
                    "child",
                    "verify",
                    "on_start",
                    "on_restart",
                    "on_stop",
                    "ready",
                ]
                .contains(&word.as_str());
            assert!(named_after || common, "`{word}` at `{there}`");
        }
    }
}

#[test]
fn the_compiler_is_given_none_of_it() {
    for output in [actor("double", COUNTER), supervisor("", SHOP)] {
        let text = output.to_string();
        assert!(!text.contains("hints_"), "{text}");
        assert!(text.contains("Output <"), "{text}");
    }
}

/// What the compiler would say of an input.
fn said(output: TokenStream) -> String {
    let text = output.to_string();
    let parts = text.split("compile_error ! {").skip(1);
    let parts: Vec<_> = parts
        .map(|part| part.split('}').next().unwrap_or(part))
        .collect();
    parts.join("\\n")
}

/// Each of the words is one that the macros know: none of them is said to be unknown.
#[test]
fn the_words_are_known() {
    let about = |output: TokenStream, word: &Word| {
        let said = said(output);
        let unknown = ["unknown", "not a", "not an"];
        let lines = said.split("\\n");
        let of_it = |line: &&str| line.contains(&format!("`{}`", word.name));
        let mut wrong = lines
            .filter(of_it)
            .filter(|line| unknown.iter().any(|word| line.contains(word)));
        assert!(wrong.next().is_none(), "{}: {said}", word.name);
    };
    let enum_of = |marks: &str| format!("enum Counter {{ {marks} Add(Till, u8), Sub }}");
    for word in ACTOR {
        about(actor(word.name, &enum_of("")), word);
        for value in word.values {
            let options = format!("{} = {}", word.name, value.name);
            about(actor(&options, &enum_of("")), value);
        }
    }
    for word in SUPERVISOR {
        about(supervisor(word.name, SHOP), word);
        for value in word.values {
            let options = format!("{} = {}", word.name, value.name);
            about(supervisor(&options, SHOP), value);
        }
        for option in word.options {
            let options = format!("{}({} = \"1s\")", word.name, option.name);
            about(supervisor(&options, SHOP), option);
        }
    }
    for mark in MARKS {
        let lead = if mark.behind { "8, " } else { "" };
        let check = |inside: &str, word: &Word| {
            let item = enum_of(&format!("#[{}({lead}{inside})]", mark.name));
            about(supervisor("", &item), word);
        };
        for option in mark.options {
            check(option.name, option);
            for value in option.values {
                check(&format!("{} = {}", option.name, value.name), value);
            }
        }
    }
}

/// The words in backticks in the line that lists them.
fn listed(said: &str, line: &str) -> BTreeSet<String> {
    let said = said
        .split("\\n")
        .find(|text| text.contains(line))
        .unwrap_or_default();
    let after = said.split(line).nth(1).unwrap_or_default();
    let words = after.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

/// The words in the line after `start`: of `mailbox = lock_free(8)` the value, of `min = "1s"` the name,
/// and those that stand alone in backticks.
fn in_the_line(said: &str, start: &str) -> BTreeSet<String> {
    let lines = said.split("\\n");
    let after = lines.filter_map(|line| line.split_once(start)).next();
    let after = after.map(|(_, after)| after).unwrap_or_default();
    let is_name = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|one| one.is_ascii_lowercase() || one == '_')
    };
    let mut all = BTreeSet::new();
    for part in after.split(['`', ',']) {
        let part = part.split('(').next().unwrap_or_default();
        let word = match part.split_once(" = ") {
            Some(("mailbox", value)) => value,
            Some((name, _)) => name.trim(),
            None if after.contains(&format!("`{part}`"))
                || after.contains(&format!("`{part}(")) =>
            {
                part
            }
            None => continue,
        };
        if is_name(word) {
            all.insert(word.to_owned());
        }
    }
    all
}

/// No word is missing: the lists are those that users are told.
#[test]
fn no_word_is_missing() {
    let names = |words: &[Word]| -> BTreeSet<String> {
        words.iter().map(|word| word.name.to_owned()).collect()
    };
    let of = |words: &[&str]| -> BTreeSet<String> {
        // Keywords are no names, so they cannot be completed.
        let words = words
            .iter()
            .filter(|word| !["crate", "trait"].contains(word));
        words.map(|word| (*word).to_owned()).collect()
    };
    assert_eq!(names(ACTOR), of(wording::options::OPTIONS));
    assert_eq!(names(MARKS), of(wording::marks::MARKS));
    let mut options = of(wording::supervisor::OPTIONS);
    options.extend(of(wording::options::OPTIONS));
    options.remove("double");
    assert_eq!(names(SUPERVISOR), options);
    let find = |words: &'static [Word], name: &str| words.iter().find(|word| word.name == name);
    let counter = "enum Counter { Add }";
    for (option, line) in [("overflow", "policies are"), ("thread", "threads are")] {
        let said = said(actor(&format!("mailbox = 4, {option} = nothing"), counter));
        let found = find(ACTOR, option).map(|word| names(word.values));
        let listed = listed(&said, line);
        // Of two a help says which is which, and needs no list.
        assert!(
            listed.is_empty() && option == "thread" || found == Some(listed),
            "{said}"
        );
    }
    let values = |option: &str| find(SUPERVISOR, option).map(|word| names(word.values));
    assert_eq!(
        values("strategy"),
        Some(of(wording::supervisor::STRATEGIES))
    );
    assert_eq!(
        values("auto_shutdown"),
        Some(of(wording::supervisor::AUTO_SHUTDOWNS))
    );
    let child = find(MARKS, "child").and_then(|child| find(child.options, "restart"));
    assert_eq!(
        child.map(|word| names(word.values)),
        Some(of(wording::supervisor::RESTARTS))
    );
    // Lists that are in prose, with what is to be read of them.
    let mark = |name: &str| find(MARKS, name);
    let option = |of: &str, name: &str| mark(of).and_then(|mark| find(mark.options, name));
    let in_prose = [
        (
            actor("mailbox = \"\"", counter),
            "help: write ",
            find(ACTOR, "mailbox").map(|word| names(word.values)),
        ),
        (
            actor(
                "",
                &counter.replace("Add", "#[limit(8, overflow = nothing)] Add"),
            ),
            "the values of `overflow` are ",
            option("limit", "overflow").map(|word| names(word.values)),
        ),
        (
            supervisor("", &SHOP.replace("[child]", "[child(shutdown = nothing)]")),
            "the values of `shutdown` are ",
            option("child", "shutdown").map(|word| names(word.values)),
        ),
        (
            actor("", &counter.replace("Add", "#[reply(u8, nothing = 1)] Add")),
            "the options of `#[reply]` are ",
            mark("reply").map(|word| names(word.options)),
        ),
        (
            actor("", &counter.replace("Add", "#[priority(nothing)] Add")),
            "the only value of `#[priority]` is ",
            mark("priority").map(|word| names(word.options)),
        ),
        (
            supervisor("backoff(nothing = 1)", SHOP),
            "help: write `backoff(",
            find(SUPERVISOR, "backoff").map(|word| names(word.options)),
        ),
    ];
    for (output, line, found) in in_prose {
        let said = said(output);
        assert_eq!(found, Some(in_the_line(&said, line)), "{said}");
    }
    for mark in ["breaker", "batch", "limit", "child", "latest"] {
        let lead = if mark == "limit" { "8, " } else { "" };
        let item = format!("enum Counter {{ #[{mark}({lead}nothing = 1)] Add(u8) }}");
        let said = said(supervisor("", &item));
        let listed = listed(&said, &format!("the options of `#[{mark}]` are "));
        let found = find(MARKS, mark).map(|word| names(word.options));
        assert!(
            listed.is_empty() && mark == "latest" || found == Some(listed),
            "{said}"
        );
    }
}

/// What stands for the cursor, in the editor of this test.
const CURSOR: &str = "theCursor";

/// While a word is completed, everything before it is what it was, and the word stands where it did.
#[test]
fn a_cursor_moves_nothing_that_is_before_it() {
    let counter = |marks: &str| format!("enum Counter {{ {marks} Add {{ by: u8, to: u8 }}, Sub }}");
    let plain = counter("");
    for (options, marks) in [
        ("|", ""),
        ("mail|", ""),
        ("mailbox = 4, over|", ""),
        ("mailbox = 4, overflow = |", ""),
        ("mailbox = 4, overflow = rej|, timeout = \"1s\"", ""),
        ("mailbox = lock|_free(4)", ""),
        ("", "#[|]"),
        ("", "#[rep|]"),
        ("", "#[batch(|)]"),
        ("", "#[batch(max = 1, wi|)]"),
        ("", "#[reply(u8, err|)]"),
        ("", "#[reply(u8, |)]"),
        ("", "#[latest(by = |)]"),
        ("", "#[latest(by = t|)]"),
        ("", "#[limit(8, overflow = wa|)]"),
        ("", "#[priority(hi|)]"),
    ] {
        let with = |cursor: &str| {
            let item = match marks {
                "" => plain.clone(),
                marks => counter(&marks.replace('|', cursor)),
            };
            in_an_editor(|| actor(&options.replace('|', cursor), &item)).to_string()
        };
        let (before, during) = (with(""), with(CURSOR));
        let typed = format!("{options}{marks}");
        let Some(at) = during.find(CURSOR) else {
            assert!(typed.is_empty(), "no word: {typed}");
            continue;
        };
        assert!(
            before.starts_with(during.get(..at).unwrap_or("?")),
            "{typed}: {during}"
        );
        // In the `use` of a module, in which the words are.
        let module = during.get(..at).and_then(|text| text.rsplit("mod ").next());
        let within =
            module.is_some_and(|module| !module.contains('}') && module.contains("use self :: {"));
        assert!(within, "{typed}: {during}");
    }
}

/// What is half typed, with what is to be there all the same, and how many mistakes there are.
#[test]
fn the_rest_of_an_enum_is_made() {
    for (item, made, mistakes) in [
        ("enum Counter { Add { by: i64 } Get }", "fn add fn get", 0),
        (
            "enum Counter { Add { by: i64 } #[reply(u8)] Get }",
            "fn add fn get",
            0,
        ),
        ("enum Counter { Add { by: } , Get }", "fn add fn get", 1),
        ("enum Counter { Add { by }, Get }", "fn add fn get", 1),
        ("enum Counter { Add { by: Vec< }, Get }", "fn add fn get", 1),
        ("enum Counter { Add(u8, &), Get }", "fn add fn get", 1),
        ("enum Counter { Add = , Get }", "fn add fn get", 1),
        ("enum Counter { Add u8, Get }", "fn add fn get", 1),
        ("enum Counter { Get, # }", "fn get", 1),
        ("enum Counter { Get, #[reply(u8)] }", "fn get", 1),
        ("enum Counter { Get, pub }", "fn get", 1),
        ("enum Counter { Get,, Add }", "fn get fn add", 0),
        ("enum Counter { Get, type }", "fn get", 1),
    ] {
        for output in [actor("", item), in_an_editor(|| actor("", item))] {
            let text = output.to_string();
            for name in made
                .split("fn ")
                .skip(1)
                .chain(["CounterHandle", "CounterActor"])
            {
                let name = name.trim();
                let there = words(output.clone()).iter().any(|(_, word)| word == name);
                assert!(there, "{item}: no `{name}` in {text}");
            }
            let said: BTreeSet<_> = text.split("compile_error ! {").skip(1).collect();
            let said = said.iter().filter_map(|said| said.split('}').next());
            let said: BTreeSet<_> = said.collect();
            assert_eq!(said.len(), mistakes, "{item}: {said:?}");
        }
    }
}

#[test]
fn the_rest_of_an_impl_is_made() {
    for (body, made) in [
        ("fn add(&mut self) {} fn ge", "add"),
        ("fn ge fn add(&mut self) {}", "add"),
        ("fn get(&self, x: ) {} fn add(&mut self) {}", "add get"),
        ("ge fn add(&mut self) { self.0 }", "add"),
        ("fn get(&self) -> { 1 } fn add(&mut self) {}", "add get"),
        ("async fn add(&mut self) {} #[cfg(unix)]", "add"),
        ("fn add(&mut self) {} fn get(&self) { self. }", "add get"),
        ("pub fn add(&mut self) {} async", "add"),
        ("fn add(&mut self) {} fn type() {} fn", "add"),
    ] {
        let item = format!("impl CounterActor for Tally {{ {body} }}");
        let run = || pipeline::handlers(TokenStream::new(), tokens(&item));
        let output = run();
        for name in made.split(' ') {
            let there = words(output.clone())
                .iter()
                .any(|(before, word)| before == "fn" && word == name);
            assert!(there, "{body}: no `{name}` in {output}");
        }
        let edited = in_an_editor(run).to_string();
        assert!(edited.contains("fn add"), "{body}: {edited}");
    }
}

/// An editor writes down what it reads in the trait, where a `Result` may be another one.
#[test]
fn a_result_is_the_one_that_is_meant() {
    let item = "enum Counter { #[reply(u8, error = Closed)] Get }";
    let text = in_an_editor(|| actor("", item)).to_string();
    let meant = ":: zctor :: __private :: Result < u8 , Closed > ;";
    assert!(text.contains(&format!("-> {meant}")), "{text}");
}
