use zctor::prelude::*;

#[actor]
enum Counter {
    #[cast]
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
