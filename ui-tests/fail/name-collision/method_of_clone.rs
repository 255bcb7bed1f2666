use zctor::prelude::*;

#[actor]
enum Counter {
    Clone,
}

fn main() {}
