use zctor::prelude::*;

#[actor]
enum Counter {
    #[pritority(high)]
    Add(i64),
}

fn main() {}
