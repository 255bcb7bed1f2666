use zctor::prelude::*;

#[actor]
enum Counter {
    #[breaker]
    Add(i64),
}

fn main() {}
