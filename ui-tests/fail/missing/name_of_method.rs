use zctor::prelude::*;

#[actor]
enum Counter {
    #[method]
    Add(i64),
}

fn main() {}
