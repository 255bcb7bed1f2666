use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit("100", per = "1s")]
    Add(i64),
}

fn main() {}
