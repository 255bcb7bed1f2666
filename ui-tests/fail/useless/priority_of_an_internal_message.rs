use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    #[priority(high)]
    Add(i64),
}

fn main() {}
