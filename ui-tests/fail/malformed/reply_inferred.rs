use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(_)]
    Get,
}

fn main() {}
