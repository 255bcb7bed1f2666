use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(100)]
    Add(i64),
}

fn main() {}
