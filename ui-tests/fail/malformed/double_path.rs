use zctor::prelude::*;

#[actor(double = tests::FakeCounter)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
