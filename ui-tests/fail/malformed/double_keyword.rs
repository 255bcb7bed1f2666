use zctor::prelude::*;

#[actor(double = struct)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
