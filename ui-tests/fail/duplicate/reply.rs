use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    #[reply(u64)]
    Get,
}

fn main() {}
