use zctor::prelude::*;

#[actor]
enum Printer<'a> {
    Print(&'a str),
}

fn main() {}
