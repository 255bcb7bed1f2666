use zctor::prelude::*;

#[actor]
enum Counter {
    #[method(self)]
    Add(i64),
}

fn main() {}
