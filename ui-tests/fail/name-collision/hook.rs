use zctor::prelude::*;

#[actor]
enum Counter {
    OnStart,
}

fn main() {}
