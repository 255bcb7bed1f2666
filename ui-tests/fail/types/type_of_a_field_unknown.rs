use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: Amount },
}

fn main() {}
