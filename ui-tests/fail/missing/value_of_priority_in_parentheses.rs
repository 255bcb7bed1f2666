use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority()]
    Add(i64),
}

fn main() {}
