use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(low)]
    Add(i64),
}

fn main() {}
