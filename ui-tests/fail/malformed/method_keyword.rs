use zctor::prelude::*;

#[actor]
enum Counter {
    #[method(type)]
    Add(i64),
}

fn main() {}
