use zctor::prelude::*;

#[actor]
#[priority(high)]
enum Counter {
    Add(i64),
}

fn main() {}
