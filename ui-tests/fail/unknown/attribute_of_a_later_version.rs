use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch(max = 100)]
    Add(i64),
}

fn main() {}
