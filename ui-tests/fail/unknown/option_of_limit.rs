use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(100, every = "1s")]
    Add(i64),
    #[limit(100, per = "1s", size = 4)]
    Sub(i64),
}

fn main() {}
