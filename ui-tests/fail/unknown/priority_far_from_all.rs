use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(banana)]
    Add(i64),
}

fn main() {}
