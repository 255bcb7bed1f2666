use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(per = "1s")]
    Add(i64),
}

fn main() {}
