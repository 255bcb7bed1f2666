use zctor::prelude::*;

#[actor]
enum Counter {
    #[debounce]
    Move(u32),
}

fn main() {}
