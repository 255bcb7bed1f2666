use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(High)]
    Add(i64),
}

fn main() {}
