use zctor::prelude::*;

#[actor]
enum Counter {
    #[rename(increase)]
    Add(i64),
}

fn main() {}
