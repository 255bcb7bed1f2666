use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest]
    #[internal]
    Move(u32),
}

fn main() {}
