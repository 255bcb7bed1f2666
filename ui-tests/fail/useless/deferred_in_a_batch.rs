use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(u32, deferred)]
    #[batch]
    Get(u32),
}

fn main() {}
