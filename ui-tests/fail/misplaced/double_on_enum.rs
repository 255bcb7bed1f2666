use zctor::prelude::*;

#[actor]
#[double]
enum Counter {
    Add(i64),
}

fn main() {}
