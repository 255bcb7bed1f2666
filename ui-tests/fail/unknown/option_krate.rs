use zctor::prelude::*;

#[actor(krate = zctor)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
