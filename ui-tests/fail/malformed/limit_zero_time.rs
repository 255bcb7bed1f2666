use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(100, per = "0s", burst = 0)]
    Add(i64),
}

fn main() {}
