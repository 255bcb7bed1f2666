use std::path::Path;
use zctor::prelude::*;

#[actor]
enum Printer {
    Print { text: &str, pages: &[u32] },
    Open(Option<&Path>),
    #[reply(Result<&str, &'static str>)]
    Last,
}

fn main() {}
