use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = a)]
    Pair { #[cfg(unix)] a: u8, b: u8 },
}

fn main() {}
