use zctor::prelude::*;

#[actor]
enum Counter {
    #[method("increase")]
    Add(i64),
}

fn main() {}
