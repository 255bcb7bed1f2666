use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = key)]
    Add(i64),
}

fn main() {}
