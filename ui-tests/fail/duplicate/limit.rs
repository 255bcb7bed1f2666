use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(100, per = "1s")]
    #[limit(10, per = "1s")]
    Add(i64),
}

fn main() {}
