use zctor::prelude::*;

#[actor]
enum Printer {
    Print(&str),
}

fn main() {}
