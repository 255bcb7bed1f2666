use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(high)]
    #[priority(high)]
    Add(i64),
}

fn main() {}
