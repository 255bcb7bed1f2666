use std::borrow::Cow;
use zctor::prelude::*;

#[actor]
enum Printer {
    Print(Cow<'_, str>),
    Call(fn(&str) -> &str, Box<dyn Fn(&str) -> usize + Send>),
}

fn main() {}
