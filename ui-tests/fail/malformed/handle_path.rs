use zctor::prelude::*;

#[actor(handle = refs::CounterRef)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
