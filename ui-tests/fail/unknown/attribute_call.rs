use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
    #[call(i64)]
    Get,
}

fn main() {}
