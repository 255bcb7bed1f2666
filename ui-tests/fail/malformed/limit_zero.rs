use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(0, per = "1s")]
    Add(i64),
}

fn main() {}
