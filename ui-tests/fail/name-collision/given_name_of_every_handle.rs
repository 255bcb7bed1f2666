use zctor::prelude::*;

#[actor]
enum Counter {
    #[method(stop)]
    Halt,
}

fn main() {}
