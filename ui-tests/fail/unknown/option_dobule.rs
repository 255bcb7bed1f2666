use zctor::prelude::*;

#[actor(dobule = FakeCounter)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
