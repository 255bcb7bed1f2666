use zctor::prelude::*;

const NONE: u32 = 0;

#[actor]
enum Counter {
    #[limit(NONE, per = "1s")]
    Add(i64),
}

fn main() {}
