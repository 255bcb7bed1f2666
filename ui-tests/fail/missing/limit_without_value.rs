use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit]
    Add(i64),
}

fn main() {}
