use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest]
    #[latest(by = 0)]
    Move(u32),
}

fn main() {}
