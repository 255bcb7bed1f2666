use zctor::prelude::*;

#[actor(trait = Self)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
