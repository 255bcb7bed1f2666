use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(2, per = "1ns")]
    Add(i64),
}

fn main() {}
