use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(impl Iterator<Item = i64>)]
    Get,
}

fn main() {}
