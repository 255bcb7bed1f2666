use zctor::prelude::*;

#[actor]
enum Counter {
    #[urgent]
    Add(i64),
}

fn main() {}
