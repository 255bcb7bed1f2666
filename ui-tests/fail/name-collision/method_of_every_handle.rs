use zctor::prelude::*;

#[actor]
enum Counter {
    Tell(String),
}

fn main() {}
