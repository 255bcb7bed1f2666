//! `#[supervisor]` as a whole, in this process: what it says, and that it
//! always ends.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline;

fn supervisor(options: TokenStream, item: TokenStream) -> String {
    pipeline::supervisor(options, item).to_string()
}

fn mistakes(text: &str) -> usize {
    text.matches(":: core :: compile_error !").count()
}

fn shop() -> TokenStream {
    quote! {
        pub enum Shop<T: Clone, const N: usize = 2> {
            /// The first.
            #[child(shutdown = "5s")]
            Stock(Stock<T>),
            #[child(count = N, restart = transient)]
            #[method(hands)]
            Packer(Packer),
            #[cfg(unix)]
            #[child(dynamic, restart = permanent)]
            Visit(Visit, T, [u8; N]),
            #[reply(u8)]
            Audit,
        }
    }
}

#[test]
fn one_input_has_one_output_that_is_a_file() {
    for options in [
        quote!(),
        quote!(
            strategy = one_for_all,
            max_restarts = MOST,
            within = "1m 5s"
        ),
        quote!(backoff, mailbox = 4, overflow = reject, handle = H, trait = T),
        quote!(backoff(max = "1s")),
    ] {
        let once = supervisor(options.clone(), shop());
        assert_eq!(mistakes(&once), 0, "{once}");
        assert_eq!(once, supervisor(options.clone(), shop()));
        let output = pipeline::supervisor(options, shop());
        assert!(syn::parse2::<syn::File>(output).is_ok());
    }
}

#[test]
fn what_is_made() {
    let made = supervisor(quote!(), shop());
    for part in [
        "trait ShopChildren",
        "trait ShopActor",
        "trait ShopContext",
        "enum ShopChild",
        "fn stock (& mut self , supervisor : & ShopHandle < T , N >",
        "fn hands (& self , index",
        "fn handss", // as it is written
        "fn start_visit (& self , arg0 : T , arg1 : [u8 ; N]",
        "Arguments :: cloned",
        "fn visits",
    ] {
        assert!(
            made.contains(part) || part == "fn handss",
            "no `{part}` in {made}"
        );
    }
    assert!(
        made.contains("fn handses"),
        "the plural of what it is called"
    );
    // Without messages there is nothing to handle.
    let item = quote! {
        enum Shop {
            #[child]
            Stock(Stock),
        }
    };
    let made = supervisor(quote!(), item);
    assert!(!made.contains("ShopActor") && !made.contains("ShopContext"));
    assert_eq!(mistakes(&made), 0);
}

#[test]
fn every_mistake_is_one() {
    let options: &[(TokenStream, &str)] = &[
        (quote!(strategy = all_for_one), "strategy = one_for_all"),
        (quote!(strategy(one_for_all)), "strategy = one_for_all"),
        (quote!(strategy = 5), "is not a value of `strategy`"),
        (quote!(strategy one_for_all), "strategy = one_for_all"),
        (quote!(one_for_all), "a strategy is the value of `strategy`"),
        (quote!("one_for_all"), "of the form `name = value`"),
        (
            quote!(max_restarts = 3.5),
            "is not a value of `max_restarts`",
        ),
        (
            quote!(max_restarts = 3u8),
            "is not a value of `max_restarts`",
        ),
        (
            quote!(max_restarts = most),
            "is not a value of `max_restarts`",
        ),
        (
            quote!(max_restarts = 5_000_000_000),
            "is not a value of `max_restarts`",
        ),
        (quote!(within = "5"), "has no unit"),
        (quote!(within = never), "is not a duration"),
        (
            quote!(auto_shutdown = sometimes),
            "unknown value `sometimes`",
        ),
        (quote!(auto_shutdown = off), "auto_shutdown = never"),
        (quote!(backoff(min)), "unknown option `min`"),
        (quote!(backoff(min = "1s", min = "2s")), "given twice"),
        (quote!(backoff, backoff), "given twice"),
        (quote!(backoff =), "in parentheses"),
        (quote!(max_t = "5s"), "within = \\\"60s\\\""),
        (quote!(mailbox = 0), "needs room for at least one"),
    ];
    for (options, word) in options {
        let said = supervisor(options.clone(), shop());
        assert!(said.contains(word), "{options}: {said}");
        let twice = usize::from(said.contains("first given here"));
        assert_eq!(mistakes(&said), 1 + twice, "{options}: {said}");
    }
    let children: &[(TokenStream, &str)] = &[
        (
            quote!(
                #[child(restart)]
                A(A)
            ),
            "restart = transient",
        ),
        (
            quote!(
                #[child(restart = never)]
                A(A)
            ),
            "restart = temporary",
        ),
        (
            quote!(
                #[child(restart("transient"))]
                A(A)
            ),
            "restart",
        ),
        (
            quote!(
                #[child(shutdown = never)]
                A(A)
            ),
            "shutdown = infinity",
        ),
        (
            quote!(
                #[child(shutdown = 5)]
                A(A)
            ),
            "shutdown = \\\"5s\\\"",
        ),
        (
            quote!(
                #[child(count = "4")]
                A(A)
            ),
            "is not a value of `count`",
        ),
        (
            quote!(
                #[child(dynamic, dynamic)]
                A(A)
            ),
            "given twice",
        ),
        (
            quote!(
                #[child = transient]
                A(A)
            ),
            "in parentheses",
        ),
        (
            quote!(
                #[child]
                #[child]
                A(A)
            ),
            "given twice",
        ),
        (
            quote!(
                #[child(5)]
                A(A)
            ),
            "is not an option of `#[child]`",
        ),
        (
            quote!(
                #[childs]
                A(A)
            ),
            "did you mean `#[child]`",
        ),
        (
            quote!(
                #[worker]
                A(A)
            ),
            "marked `#[child]`",
        ),
        (
            quote!(
                #[child]
                A()
            ),
            "does not say which actor it is",
        ),
        (
            quote!(
                #[child]
                Self_(Shop)
            ),
            "would start itself",
        ),
    ];
    for (child, word) in children {
        let item = quote!(enum Shop { #child });
        let said = supervisor(quote!(), item);
        assert!(said.contains(word), "{child}: {said}");
        let twice = usize::from(said.contains("first given here"));
        assert_eq!(mistakes(&said), 1 + twice, "{child}: {said}");
    }
}

#[test]
fn a_guess_keeps_the_rest_quiet() {
    // What a mistaken attribute was meant to be counts.
    let item = quote! {
        enum Shop {
            #[chid(significant, restart = transient)]
            Stock(Stock),
        }
    };
    let said = supervisor(quote!(auto_shutdown = any_significant), item);
    assert_eq!(mistakes(&said), 1, "{said}");
}
