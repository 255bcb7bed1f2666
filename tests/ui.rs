//! What the compiler says to users: programs that are right compile and run,
//! and each mistake is said in the words of the `.stderr` file beside it.
//!
//! `TRYBUILD=overwrite cargo test --test ui` writes those files anew. Read
//! every change as a user would.

use trybuild::TestCases;

#[test]
fn right_programs_run() {
    TestCases::new().pass("ui-tests/pass/*.rs");
}

/// The words are ours, so they are the same with every toolchain.
#[test]
fn mistakes_are_reported_in_our_words() {
    let cases = TestCases::new();
    for kind in [
        "conflict",
        "duplicate",
        "lifetimes",
        "malformed",
        "misplaced",
        "missing",
        "name-collision",
        "recovery",
        "signature",
        "supervisor",
        "unknown",
        "useless",
    ] {
        cases.compile_fail(format!("ui-tests/fail/{kind}/*.rs"));
    }
}

/// These are rendered by the compiler from our types, and their `.stderr`
/// files are those of Rust 1.95, the toolchain of this project. Another one
/// may say the same in other words.
#[test]
fn mistakes_of_types_are_reported_by_the_compiler() {
    let cases = TestCases::new();
    for kind in ["generics", "types"] {
        cases.compile_fail(format!("ui-tests/fail/{kind}/*.rs"));
    }
}

/// The same of what is allocated in an arena.
#[cfg(feature = "arena")]
#[test]
fn mistakes_with_arenas_are_reported_by_the_compiler() {
    TestCases::new().compile_fail("ui-tests/fail/arena/*.rs");
}
