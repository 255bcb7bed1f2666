use zctor::prelude::*;

#[actor(trait = impl)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
