use zctor::prelude::*;

#[actor(state = Tally)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
