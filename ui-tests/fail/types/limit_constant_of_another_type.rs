use zctor::prelude::*;

const MANY: usize = 5;

#[actor]
enum Counter {
    #[limit(MANY, per = "1s")]
    Add(i64),
}

fn main() {}
