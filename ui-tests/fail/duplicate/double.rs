use zctor::prelude::*;

#[actor(double, double = FakeCounter)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
