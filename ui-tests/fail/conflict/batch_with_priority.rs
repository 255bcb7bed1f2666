use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority(high)]
    #[batch]
    Write(u32),
}

fn main() {}
