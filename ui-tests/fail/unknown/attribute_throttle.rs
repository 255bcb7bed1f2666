use zctor::prelude::*;

#[actor]
enum Counter {
    #[throttle(100, per = "1s")]
    Add(i64),
}

fn main() {}
