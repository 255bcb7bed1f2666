use zctor::prelude::*;

#[actor]
enum Counter {
    #[buffered]
    Write(u32),
}

fn main() {}
