use zctor::prelude::*;

#[actor]
enum Printer {
    #[reply(&str)]
    Last,
}

fn main() {}
