use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(5)]
    Add(i64),
}

fn main() {}
