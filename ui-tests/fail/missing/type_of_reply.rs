use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply]
    Get,
}

fn main() {}
