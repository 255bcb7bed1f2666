use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    Ready,
}

fn main() {}
