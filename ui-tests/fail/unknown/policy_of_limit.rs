use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(100, per = "1s", overflow = drop_newest)]
    Add(i64),
    #[limit(100, per = "1s", overflow = block)]
    Sub(i64),
    #[limit(100, per = "1s", overflow = 5)]
    Mul(i64),
}

fn main() {}
