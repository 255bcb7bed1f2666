use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    #[limit(100, per = "1s")]
    Add(i64),
}

fn main() {}
