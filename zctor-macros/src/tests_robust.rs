//! Whatever is handed to the macros: an enum that is being typed, an attribute without its end, and
//! things that nobody would write. They never panic, always end, and say the same each time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::str::FromStr;
use std::time::{Duration, Instant};

use proc_macro2::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::ToTokens;

use crate::editor::presence::tests::in_an_editor;
use crate::pipeline;

/// One of the macros.
type Macro = fn(TokenStream, TokenStream) -> TokenStream;

const MACROS: [(&str, Macro); 3] = [
    ("actor", pipeline::actor),
    ("supervisor", pipeline::supervisor),
    ("handlers", pipeline::handlers),
];

/// What is right, with everything in it that the macros read.
const RIGHT: &[(usize, &str, &str)] = &[
    (
        0,
        r#"mailbox = lock_free(1024), overflow = wait, timeout = "5s", thread = dedicated,
           handle = H, trait = T, crate = a::b, double = Fake"#,
        r#"
        /// [`Self::Add`]
        #[derive(Debug)]
        pub(crate) enum Counter<K: Ord + Clone, V = u8, const N: usize = 2> where V: Copy {
            /// Adds.
            #[limit(100, per = "1s", burst = limits::MOST, overflow = wait)]
            Add { by: i64, #[cfg(unix)] key: K },
            #[reply(Result<Vec<u8>, (A, B)>, error = Oops<V>, deferred)]
            #[timeout("1m 30s")]
            #[breaker(calls = 20, minimum = 10, rate = 50, slow = "2s", slow_rate = 80, recovery = "30s", successes = 3, trials = 1, ignore = a::harmless)]
            Get(u8, #[cfg(unix)] [K; N]),
            #[batch(max = 100, within = "10ms")]
            Many(K, V),
            #[latest(by = at)]
            #[method(r#move)]
            Place { at: u8, r#in: Self },
            #[every("1s")]
            #[internal]
            Tick,
            #[priority(high)]
            Now,
            #[idempotent]
            #[reply(())]
            Again(fn(&u8) -> &u8),
        }"#,
    ),
    (
        1,
        r#"strategy = rest_for_one, max_restarts = LIMITS::MOST, within = "60s",
           auto_shutdown = any_significant, backoff(min = "200ms", max = "10s"), mailbox = 64"#,
        r#"
        pub enum Shop<T: Clone> {
            #[child(restart = transient, shutdown = "5s", significant)]
            Stock(Stock<T>),
            #[child(count = 4, shutdown = brutal)]
            #[method(hands)]
            Packer(Packer),
            #[cfg(unix)]
            #[child(dynamic)]
            Visit(Visit, T, [u8; 4]),
            #[reply(u8)]
            Audit { of: Self },
        }"#,
    ),
    (
        2,
        "Counter<u8>, crate = a::b",
        r#"
        #[cfg(unix)]
        impl<'a, K: Ord> CounterActor<K> for Tally<K> where K: Clone {
            const X: u8 = 1;
            type Y = u8;
            /// Adds.
            fn add(&mut self, by: i64, #[cfg(unix)] key: K) { self.total += by.x; }
            async fn get(&self, (a, b): (u8, u8), ctx: &mut Context<Counter<u8>>) -> Result<u8, Oops> { Ok(self.0) }
            fn place<'b>(&'b mut self, mut at: u8, _: &'static str) -> u8 where K: Copy { at }
            fn ready(&self, next: CounterKind) -> bool { true }
            async fn on_start(&mut self, ctx: &mut Context<Counter<u8>>) -> Result<(), Failure> { Ok(()) }
            hooks!();
        }"#,
    ),
];

fn tokens(text: &str) -> TokenStream {
    TokenStream::from_str(text).unwrap_or_default()
}

/// Whether the impl lacks nothing but marks that the compiler has missed already, which are put where they
/// are missing.
fn is_whole_but_for_marks(item: &TokenStream) -> bool {
    let marks = [',', ':', ';', ' '];
    let rest = |tokens: &TokenStream| tokens.to_string().replace(marks, "");
    match syn::parse2::<crate::syntax::ItemImpl>(item.clone()) {
        Ok(read) => rest(&read.to_token_stream()) == rest(item),
        Err(_) => false,
    }
}

/// Runs one of the macros twice on an input.
fn run(number: usize, arguments: &TokenStream, item: &TokenStream) {
    let Some((name, run)) = MACROS.get(number) else {
        return;
    };
    let input = || format!("#[{name}({arguments})] {item}");
    let begun = Instant::now();
    let once = catch_unwind(AssertUnwindSafe(|| {
        let run = || run(arguments.clone(), item.clone());
        [run(), run(), in_an_editor(run)]
    }));
    // Its own message has been printed.
    assert!(once.is_ok(), "a panic: {}", input());
    let Ok([once, again, edited]) = once else {
        return;
    };
    assert!(
        begun.elapsed() < Duration::from_secs(20),
        "slow: {}",
        input()
    );
    let text = once.to_string();
    assert_eq!(text, again.to_string(), "{}", input());
    // A body that cannot be read is left to the compiler: it is there, as it was written, so that the
    // compiler has something to say of it.
    let read = *name != "handlers" || syn::parse2::<syn::Item>(item.clone()).is_ok();
    if !read && !text.contains("compile_error") {
        assert!(
            syn::parse2::<syn::File>(once.clone()).is_err() || is_whole_but_for_marks(item),
            "nobody says that this cannot be read: {} gives {text}",
            input()
        );
    }
    if read && !text.contains("compile_error") {
        assert!(
            syn::parse2::<syn::File>(once).is_ok(),
            "neither code nor a mistake: {} gives {text}",
            input()
        );
        assert!(
            syn::parse2::<syn::File>(edited).is_ok(),
            "no code for an editor: {}",
            input()
        );
    }
}

/// All that can be typed on the way to `whole`, with the delimiters closed that are open then, as
/// editors do it.
fn beginnings(whole: &TokenStream) -> Vec<TokenStream> {
    let trees: Vec<TokenTree> = whole.clone().into_iter().collect();
    let mut all = vec![TokenStream::new()];
    for (at, tree) in trees.iter().enumerate() {
        let before: TokenStream = trees.iter().take(at).cloned().collect();
        if let TokenTree::Group(group) = tree {
            for inner in beginnings(&group.stream()) {
                let mut typed = before.clone();
                typed.extend([TokenTree::Group(Group::new(group.delimiter(), inner))]);
                all.push(typed);
            }
        }
        let mut typed = before;
        typed.extend([tree.clone()]);
        all.push(typed);
    }
    all
}

#[test]
fn the_right_inputs_are_right() {
    for (number, arguments, item) in RIGHT {
        let Some((name, run)) = MACROS.get(*number) else {
            continue;
        };
        let output = run(tokens(arguments), tokens(item)).to_string();
        assert!(!output.contains("compile_error"), "{name}: {output}");
    }
}

#[test]
fn what_is_being_typed_does_no_harm() {
    for (number, arguments, item) in RIGHT {
        let (arguments, item) = (tokens(arguments), tokens(item));
        for typed in beginnings(&item) {
            run(*number, &arguments, &typed);
        }
        for typed in beginnings(&arguments) {
            run(*number, &typed, &item);
        }
    }
}

/// A little randomness, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit.max(1)
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        let at = self.below(all.len());
        all.get(at)
    }
}

const WORDS: &[&str] = &[
    "actor",
    "reply",
    "mailbox",
    "enum",
    "struct",
    "impl",
    "for",
    "fn",
    "self",
    "Self",
    "crate",
    "super",
    "async",
    "unsafe",
    "const",
    "where",
    "type",
    "gen",
    "pub",
    "dyn",
    "_",
    "Context",
    "Counter",
    "CounterActor",
    "double",
    "child",
    "latest",
    "by",
    "limit",
    "per",
    "batch",
    "every",
    "error",
    "deferred",
    "high",
    "unbounded",
    "lock_free",
    "wait",
    "strategy",
    "backoff",
    "min",
    "cfg",
    "cfg_attr",
    "doc",
    "größe",
    "Self_",
    "ready",
    "ctx",
    "static",
    "as",
    "ref",
    "mut",
];

fn tree(dice: &mut Dice, depth: usize) -> TokenTree {
    match dice.below(if depth > 3 { 7 } else { 10 }) {
        0..3 => {
            let word = dice.one_of(WORDS).copied().unwrap_or("x");
            Ident::new(word, Span::call_site()).into()
        }
        3 => {
            let mark = dice.one_of(&[
                '=', ',', ':', '<', '>', '#', '!', '&', '-', '.', ';', '\'', '?', '|', '*',
            ]);
            let spacing = match dice.below(2) {
                0 => Spacing::Alone,
                _ => Spacing::Joint,
            };
            match mark {
                // A lone apostrophe is no token.
                None | Some('\'') => Punct::new('=', spacing).into(),
                Some(mark) => Punct::new(*mark, spacing).into(),
            }
        }
        4 => match dice.below(8) {
            0 => Literal::u64_unsuffixed(0),
            1 => Literal::u8_suffixed(4),
            2 => Literal::f64_unsuffixed(1.5),
            3 => Literal::string("5s"),
            4 => Literal::string("99999999999999999999h 1.1.1s ß"),
            5 => Literal::character('x'),
            6 => Literal::byte_string(b"5s"),
            _ => Literal::u128_unsuffixed(u128::MAX),
        }
        .into(),
        5 => Ident::new_raw("match", Span::call_site()).into(),
        6 => Ident::new("A", Span::call_site()).into(),
        _ => {
            let delimiter = match dice.below(4) {
                0 => Delimiter::Brace,
                1 => Delimiter::Bracket,
                2 => Delimiter::None,
                _ => Delimiter::Parenthesis,
            };
            Group::new(delimiter, trees(dice, depth + 1)).into()
        }
    }
}

fn trees(dice: &mut Dice, depth: usize) -> TokenStream {
    let many = dice.below(8);
    (0..many).map(|_| tree(dice, depth)).collect()
}

/// The same tokens but for one place, in which something else stands, is missing, or stands twice.
fn changed(dice: &mut Dice, whole: &TokenStream) -> TokenStream {
    let mut trees: Vec<TokenTree> = whole.clone().into_iter().collect();
    let at = dice.below(trees.len());
    let inside = match trees.get(at) {
        Some(TokenTree::Group(group)) if dice.below(5) > 0 => Some(group.clone()),
        _ => None,
    };
    let new = match &inside {
        Some(group) => Group::new(group.delimiter(), changed(dice, &group.stream())).into(),
        None => tree(dice, 1),
    };
    match (inside.is_some(), dice.below(4)) {
        _ if trees.is_empty() => trees.push(new),
        (true, _) | (_, 0) => {
            trees.splice(at..=at, [new]);
        }
        (_, 1) => {
            trees.remove(at);
        }
        (_, 2) => trees.insert(at, new),
        _ => {
            let twice = trees.get(at).cloned();
            trees.splice(at..at, twice);
        }
    }
    trees.into_iter().collect()
}

#[test]
fn whatever_is_changed_does_no_harm() {
    for seed in 1..=300 {
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        for (number, arguments, item) in RIGHT {
            let (mut arguments, mut item) = (tokens(arguments), tokens(item));
            for _ in 0..=dice.below(3) {
                match dice.below(3) {
                    0 => arguments = changed(&mut dice, &arguments),
                    _ => item = changed(&mut dice, &item),
                }
            }
            run(*number, &arguments, &item);
        }
    }
}

#[test]
fn tokens_without_any_sense_do_no_harm() {
    let (enums, impls) = ("enum A { B }", "impl AActor for S { fn b(&self) {} }");
    for seed in 1..=800 {
        let mut dice = Dice(0xD1B5_4A32_D192_ED03_u64.wrapping_mul(seed));
        for number in 0..MACROS.len() {
            let item = if number == 2 { impls } else { enums };
            run(number, &trees(&mut dice, 0), &tokens(item));
            let none = TokenStream::new();
            run(number, &none, &trees(&mut dice, 0));
            // Within the item, where more of it is read.
            let inner = Group::new(Delimiter::Brace, trees(&mut dice, 0));
            let head = if number == 2 {
                "impl AActor for S"
            } else {
                "enum A"
            };
            let mut item = tokens(head);
            item.extend([TokenTree::Group(inner)]);
            run(number, &none, &item);
            // Within an attribute of a variant, or among the parameters of a handler.
            let inner = trees(&mut dice, 0);
            let mark = dice
                .one_of(crate::wording::marks::MARKS)
                .copied()
                .unwrap_or("reply");
            let mark = Ident::new(mark, Span::call_site());
            let item = if number == 2 {
                quote::quote!(impl AActor for S { fn b(#inner) -> u8 {} })
            } else {
                quote::quote!(enum A { #[#mark(#inner)] B(u8) })
            };
            run(number, &none, &item);
        }
    }
}
