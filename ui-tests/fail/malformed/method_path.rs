use zctor::prelude::*;

#[actor]
enum Counter {
    #[method(counter::increase)]
    Add(i64),
}

fn main() {}
