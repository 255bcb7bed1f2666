use zctor::prelude::*;

#[handlers]
enum Counter {
    Add(i64),
}

fn main() {}
