use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(level = high)]
    Add(i64),
}

fn main() {}
