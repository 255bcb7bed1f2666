use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(1.5, per = "1s")]
    Add(i64),
}

fn main() {}
