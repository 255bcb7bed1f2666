use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = a + b)]
    Pair { a: u8, b: u8 },
}

fn main() {}
