//! The macros as a whole, in this process: what they say, and that they always end.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline;

fn actor(options: TokenStream, item: TokenStream) -> String {
    pipeline::actor(options, item).to_string()
}

fn mistakes(text: &str) -> usize {
    // A mistaken type says its mistake again in its own place, behind a `;`.
    text.matches(":: core :: compile_error !").count()
        - text.matches("; :: core :: compile_error !").count()
}

fn counter() -> TokenStream {
    quote! {
        pub enum Counter<K: Ord, const N: usize = 2> where K: Clone {
            /// Adds.
            Add { by: i64, #[cfg(unix)] key: K },
            #[reply(i64)]
            Get,
            #[reply(u8, error = Oops)]
            #[timeout("5ms")]
            Take(u8, #[cfg(unix)] u8),
            #[internal]
            Tick,
        }
    }
}

#[test]
fn one_input_has_one_output() {
    let once = actor(quote!(mailbox = 4, timeout = "1s"), counter());
    let again = actor(quote!(mailbox = 4, timeout = "1s"), counter());
    assert_eq!(once, again);
    assert_eq!(mistakes(&once), 0);
}

#[test]
fn every_output_is_a_file() {
    for options in [
        quote!(),
        quote!(mailbox = 4),
        quote!(mailbox = 4, overflow = reject),
        quote!(mailbox = lock_free),
        quote!(mailbox = lock_free(4), overflow = drop_oldest),
        quote!(mailbox = lock_free(limits::MAILBOX)),
        quote!(handle = H, trait = T),
        quote!(thread = dedicated),
    ] {
        let output = pipeline::actor(options, counter());
        assert!(syn::parse2::<syn::File>(output).is_ok());
    }
}

#[test]
fn every_option_has_its_mistakes() {
    for (options, word) in [
        (quote!(mailbx = 4), "did you mean `mailbox`"),
        (quote!(capacity = 4), "mailbox = 1024"),
        (quote!(remote), "not supported by this version"),
        (quote!(double = "Fake"), "write `double = Fake`"),
        (quote!(double = true), "takes no truth value"),
        (quote!(double =), "write `double`, or `double = Name`"),
        (quote!(double(Fake)), "write `double = Fake`"),
        (quote!(double, double), "given twice"),
        (quote!(mock), "made by `double`"),
        (quote!(thread), "write `thread = dedicated`"),
        (quote!(thread = "dedicated"), "write `thread = dedicated`"),
        (quote!(thread = Own), "did you mean `dedicated`"),
        (quote!(thread = sharde), "did you mean `shared`"),
        (quote!(thread = banana), "or leave the option out"),
        (quote!(thread = 4), "one thread at a time"),
        (quote!(thread = a::b), "`a::b` is not a value of `thread`"),
        (quote!(dedicated), "is written `thread = dedicated`"),
        (quote!(thread = shared, thread = shared), "given twice"),
        (quote!(mailbox), "`mailbox` needs a value"),
        (quote!(mailbox = 0), "room for at least one"),
        (quote!(mailbox = -1), "cannot be negative"),
        (quote!(mailbox = "64"), "write `mailbox = 64`"),
        (quote!(mailbox = bounded), "given by its capacity"),
        (quote!(mailbox = 4, mailbox = 5), "given twice"),
        (
            quote!(mailbox = 4, overflow = "wait"),
            "write `overflow = wait`",
        ),
        (quote!(mailbox = 4, overflow = Block), "did you mean `wait`"),
        (quote!(overflow = wait), "no effect on an unbounded mailbox"),
        (
            quote!(mailbox = unbounded, overflow = wait),
            "no effect on an unbounded mailbox",
        ),
        (quote!(mailbox = lockfree), "did you mean `lock_free`"),
        (quote!(mailbox = LockFree), "did you mean `lock_free`"),
        (quote!(mailbox = SegQueue), "did you mean `lock_free`"),
        (quote!(mailbox = lock - free), "did you mean `lock_free`"),
        (quote!(mailbox = Unbounded), "did you mean `unbounded`"),
        (quote!(mailbox = "lock_free"), "write `mailbox = lock_free`"),
        (quote!(mailbox = "lock-free"), "write `mailbox = lock_free`"),
        (
            quote!(mailbox = "lock_free(4)"),
            "write `mailbox = lock_free(4)`",
        ),
        (quote!(lock_free), "is written `mailbox = lock_free`"),
        (quote!(lock_free = true), "is written `mailbox = lock_free`"),
        (quote!(mailbox(lock_free)), "write `mailbox = lock_free`"),
        (
            quote!(mailbox(lock_free(4))),
            "write `mailbox = lock_free(4)`",
        ),
        (quote!(mailbox = lockfree(4)), "did you mean `lock_free(4)`"),
        (
            quote!(mailbox = array_queue(A)),
            "did you mean `lock_free(A)`",
        ),
        (quote!(mailbox = bounded(4)), "its capacity: `mailbox = 4`"),
        (
            quote!(mailbox = unbounded(4)),
            "an unbounded mailbox has no capacity",
        ),
        (
            quote!(mailbox = lock_free()),
            "capacity of the mailbox is missing",
        ),
        (
            quote!(mailbox = lock_free[4]),
            "write `mailbox = lock_free(4)`",
        ),
        (
            quote!(mailbox = lock_free(0)),
            "write `mailbox = lock_free(1)`",
        ),
        (quote!(mailbox = lock_free(-1)), "cannot be negative"),
        (
            quote!(mailbox = lock_free("4")),
            "write `mailbox = lock_free(4)`",
        ),
        (
            quote!(mailbox = lock_free(4u8)),
            "write `mailbox = lock_free(4)`",
        ),
        (
            quote!(mailbox = lock_free(unbounded)),
            "without a limit, `mailbox = lock_free`",
        ),
        (
            quote!(mailbox = lock_free(1, 2)),
            "`1, 2` is not a capacity",
        ),
        (
            quote!(mailbox = lock_free, overflow = wait),
            "as in `mailbox = lock_free(1024)`",
        ),
        (quote!(mailbox = limit()), "`limit()` is not a capacity"),
        (quote!(timeout = 5s), "write `timeout = \\\"5s\\\"`"),
        (quote!(timeout = 5), "not the number `5`"),
        (quote!(timeout = "5"), "has no unit"),
        (quote!(timeout = "5 parsecs"), "unknown unit `parsecs`"),
        (quote!(timeout = "0s"), "time limit of zero"),
        (quote!(timeout = "-5s"), "cannot be negative"),
        (quote!(timeout = soon()), "is not a duration"),
        (quote!(handle = "Name"), "write `handle = Name`"),
        (quote!(trait = 5), "`5` is not a name"),
        (quote!(crate = "zctor"), "write `crate = zctor`"),
        (quote!("mailbox"), "expected an option"),
        (quote!(mailbox 4), "write `mailbox = 4`"),
        (
            quote!(mailbox = 4 timeout = "1s"),
            "expected `,` before `timeout`",
        ),
        (quote!(mailbox = 4u8), "not a `u8`"),
        (quote!(handle = a::Name), "write `handle = Name`"),
    ] {
        let output = actor(
            options.clone(),
            quote!(
                enum A {
                    #[reply(u8)]
                    B,
                }
            ),
        );
        assert!(output.contains(word), "{options}: {output}");
        let sites = if word == "given twice" { 2 } else { 1 };
        assert_eq!(mistakes(&output), sites, "{options}");
    }
}

#[test]
fn every_attribute_of_a_variant_has_its_mistakes() {
    for (variants, word) in [
        (
            quote!(
                #[reply]
                B
            ),
            "`#[reply]` needs the type",
        ),
        (
            quote!(
                #[reply()]
                B
            ),
            "`#[reply]` needs the type",
        ),
        (
            quote!(
                #[reply = u8]
                B
            ),
            "given in parentheses",
        ),
        (
            quote!(
                #[reply("u8")]
                B
            ),
            "without quotes",
        ),
        (
            quote!(
                #[reply(u8, u16)]
                B
            ),
            "an answer has one type",
        ),
        (
            quote!(
                #[reply(error = E)]
                B
            ),
            "comes first",
        ),
        (
            quote!(
                #[reply(u8, error)]
                B
            ),
            "`error` needs a type",
        ),
        (
            quote!(
                #[reply(u8, err = E)]
                B
            ),
            "did you mean `error`",
        ),
        (
            quote!(
                #[reply(u8, defered)]
                B
            ),
            "did you mean `deferred`",
        ),
        (
            quote!(
                #[reply(u8)]
                #[reply(u8)]
                B
            ),
            "given twice",
        ),
        (
            quote!(
                #[timeout("5s")]
                B
            ),
            "has no effect on `B`",
        ),
        (
            quote!(
                #[reply(u8)]
                #[timeout = "5s"]
                B
            ),
            "given in parentheses",
        ),
        (
            quote!(
                #[internal(x)]
                B
            ),
            "takes no value",
        ),
        (
            quote!(
                #[internal]
                #[reply(u8)]
                B
            ),
            "cannot have a reply",
        ),
        (
            quote!(
                #[priority]
                B
            ),
            "`#[priority]` needs a value",
        ),
        (
            quote!(
                #[priority = "high"]
                B
            ),
            "given in parentheses",
        ),
        (
            quote!(
                #[priority("high")]
                B
            ),
            "without quotes",
        ),
        (
            quote!(
                #[priority(lowest)]
                B
            ),
            "mark what goes before this",
        ),
        (
            quote!(
                #[priority(urgent)]
                B
            ),
            "did you mean `high`",
        ),
        (
            quote!(
                #[priority(1 + 1)]
                B
            ),
            "`1 + 1` is not a priority",
        ),
        (
            quote!(
                #[priority(high, high)]
                B
            ),
            "is not a priority",
        ),
        (
            quote!(
                #[priority(high)]
                #[priority(high)]
                B
            ),
            "given twice",
        ),
        (
            quote!(
                #[priority(high)]
                #[internal]
                B
            ),
            "has no effect on `B`, which is internal",
        ),
        (
            quote!(
                #[high_priority]
                B
            ),
            "marked `#[priority(high)]`",
        ),
        (
            quote!(
                #[method]
                B
            ),
            "`#[method]` needs a value",
        ),
        (
            quote!(
                #[method("name")]
                B
            ),
            "write `#[method(name)]`",
        ),
        (
            quote!(
                #[method(type)]
                B
            ),
            "write `#[method(r#type)]`",
        ),
        (
            quote!(
                #[method(self)]
                B
            ),
            "cannot be a name",
        ),
        (
            quote!(
                #[call(u8)]
                B
            ),
            "`#[reply(T)]`",
        ),
        (
            quote!(
                #[cast]
                B
            ),
            "needs no attribute",
        ),
        (
            quote!(
                #[replly(u8)]
                B
            ),
            "did you mean `#[reply]`",
        ),
        (
            quote!(
                #[latest]
                #[reply(u8)]
                B
            ),
            "a newer one cannot take its place",
        ),
        (quote!(Tell), "every handle has already"),
        (quote!(OnStart), "is a hook of every actor"),
        (quote!(Super), "#[method(super_)]"),
        (quote!(HTTPGet, HttpGet), "the same method `http_get`"),
        (quote!(B = 1), "cannot have a number"),
        (
            quote!(B(
                #[reply(u8)]
                u8
            )),
            "not of fields",
        ),
        (
            quote!(
                #[cfg_attr(unix, reply(u8))]
                B
            ),
            "inside of `cfg_attr`",
        ),
        (quote!(), "has no messages"),
    ] {
        let output = actor(quote!(), quote!(enum A { #variants }));
        assert!(output.contains(word), "{variants}: {output}");
        let two = word.contains("twice")
            || word.contains("same method")
            || word.contains("cannot have a reply")
            || word.contains("cannot take its place");
        assert_eq!(
            mistakes(&output),
            if two { 2 } else { 1 },
            "{variants}: {output}"
        );
    }
}

#[test]
fn conditional_twins_are_no_mistake() {
    let output = actor(
        quote!(),
        quote!(
            enum A {
                #[cfg(unix)]
                Open(u8),
                #[cfg(windows)]
                Open(u16),
            }
        ),
    );
    assert_eq!(mistakes(&output), 0);
}

#[test]
fn what_is_not_an_enum_is_given_back() {
    for item in [
        quote!(
            struct A;
        ),
        quote!(
            fn a() {}
        ),
        quote!(union A { b: u8 }),
        quote!(impl A {}),
        quote!(
            trait A {}
        ),
    ] {
        let output = actor(quote!(), item.clone());
        assert!(output.ends_with(&item.to_string()), "{output}");
        assert_eq!(mistakes(&output), 1);
    }
}

#[test]
fn every_handler_has_its_mistakes() {
    for (function, word) in [
        (
            quote!(
                fn a(self) {}
            ),
            "by value",
        ),
        (
            quote!(
                fn a(self: Box<Self>) {}
            ),
            "`&mut self` or `&self`",
        ),
        (
            quote!(
                fn a() {}
            ),
            "does not take the state",
        ),
        (
            quote!(
                fn a<T>(&self, t: T) {}
            ),
            "cannot be generic",
        ),
        (
            quote!(
                fn a(&self, t: impl Copy) {}
            ),
            "cannot be generic",
        ),
        (
            quote!(
                unsafe fn a(&self) {}
            ),
            "remove `unsafe`",
        ),
        (
            quote!(
                const fn a(&self) {}
            ),
            "remove `const`",
        ),
        (
            quote!(
                extern "C" fn a(&self) {}
            ),
            "remove `extern`",
        ),
        (
            quote!(
                fn a(&self) {}
                fn a(&self) {}
            ),
            "given twice",
        ),
        (
            quote!(
                fn a(&self) -> impl Copy {}
            ),
            "must name the type",
        ),
        (
            quote!(
                fn a(&self, ctx: Context<B>) {}
            ),
            "`&mut Context<B>`",
        ),
        (
            quote!(
                fn a(&self, ctx: &Context<B>) {}
            ),
            "`&mut Context<B>`",
        ),
        (
            quote!(
                fn a(&self, ctx: &mut Context<B>, x: u8) {}
            ),
            "last parameter",
        ),
        (
            quote!(
                async fn ready(&self, next: BKind) -> bool {}
            ),
            "cannot be `async`",
        ),
        (
            quote!(
                fn ready(&mut self, next: BKind) -> bool {}
            ),
            "as `&self`",
        ),
        (
            quote!(
                fn ready(next: BKind) -> bool {}
            ),
            "does not take the state",
        ),
        (
            quote!(
                fn ready(&self) -> bool {}
            ),
            "takes the kind of the next message",
        ),
        (
            quote!(
                fn ready(&self, ctx: &mut Context<B>) -> bool {}
            ),
            "takes no context",
        ),
        (
            quote!(
                fn ready(&self, next: BKind, n: u8) -> bool {}
            ),
            "and nothing else",
        ),
        (
            quote!(
                fn ready(&self, next: BKind) {}
            ),
            "returns a `bool`",
        ),
        (
            quote!(
                fn ready<K>(&self, next: K) -> bool {}
            ),
            "cannot be generic",
        ),
    ] {
        let output =
            pipeline::handlers(quote!(), quote!(impl BActor for S { #function })).to_string();
        assert!(output.contains(word), "{function}: {output}");
        assert_eq!(
            mistakes(&output),
            if word == "given twice" { 2 } else { 1 },
            "{function}: {output}"
        );
    }
}

/// The runtime leaves out what holds messages where nothing can hold one.
#[test]
fn only_where_ready_is_left_out_is_nothing_held() {
    for (functions, holds) in [
        (quote!(), false),
        (
            quote!(
                fn a(&self) {}
            ),
            false,
        ),
        (
            quote!(
                fn ready(&self, next: BKind) -> bool {
                    true
                }
            ),
            true,
        ),
        (
            quote!(
                #[cfg(unix)]
                fn ready(&self, next: BKind) -> bool {
                    true
                }
            ),
            true,
        ),
        (
            quote!(
                hooks!();
            ),
            true,
        ),
    ] {
        let item = quote!(impl BActor for S { #functions });
        let output = pipeline::handlers(quote!(), item).to_string();
        let constant = crate::expand::holds().to_string();
        assert_eq!(output.contains(&constant), !holds, "{output}");
        assert_eq!(mistakes(&output), 0, "{output}");
    }
}

#[test]
fn a_high_message_has_a_method_that_does_not_wait() {
    let item = quote!(
        enum A {
            #[priority(high)]
            B,
        }
    );
    let output = actor(quote!(mailbox = 4), item);
    assert_eq!(mistakes(&output), 0, "{output}");
    assert!(output.contains("Variant :: high"), "{output}");
    assert!(!output.contains("tell_wait"), "{output}");
}

#[test]
fn the_impl_of_handlers_has_its_mistakes() {
    for (arguments, item, word) in [
        (
            quote!(foo = 3),
            quote!(impl BActor for S {}),
            "unknown argument `foo`",
        ),
        (
            quote!(protocol = B),
            quote!(impl BActor for S {}),
            "write `#[handlers(B)]`",
        ),
        (
            quote!(crate),
            quote!(impl BActor for S {}),
            "`crate` needs a value",
        ),
        (quote!(B, C), quote!(impl BActor for S {}), "given twice"),
        (
            quote!(),
            quote!(impl Other for S {}),
            "`#[handlers(Counter)]`",
        ),
        (quote!(), quote!(impl S {}), "this impl has no trait"),
        (
            quote!(),
            quote!(
                struct S;
            ),
            "not on a struct",
        ),
    ] {
        let output = pipeline::handlers(arguments, item).to_string();
        assert!(output.contains(word), "{output}");
        assert_eq!(mistakes(&output), 1, "{output}");
    }
}

#[test]
fn what_is_made_from_a_hidden_message_is_hidden() {
    let item = quote! {
        enum Counter {
            #[doc(hidden)]
            #[batch(max = 8)]
            Secret(u8),
        }
    };
    let text = actor(quote!(double), item);
    for name in ["secret", "on_secret", "expect_secret", "flush_secret"] {
        let methods: Vec<_> = text.split(&format!("fn {name} ")).collect();
        for before in methods.iter().rev().skip(1) {
            let attributes = before.rsplit(['}', '{', ';']).next().unwrap_or_default();
            let of_a_handle = attributes.contains("doc =");
            assert!(
                !of_a_handle || attributes.contains("doc (hidden)"),
                "{name}: {attributes}"
            );
        }
        assert!(methods.len() > 1, "{name}: {text}");
    }
}
