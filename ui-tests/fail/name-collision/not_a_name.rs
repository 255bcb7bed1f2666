use zctor::prelude::*;

#[actor]
enum Counter {
    Super,
}

fn main() {}
