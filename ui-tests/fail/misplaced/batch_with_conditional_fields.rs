use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    Write { a: u32, #[cfg(unix)] b: u32 },
}

fn main() {}
