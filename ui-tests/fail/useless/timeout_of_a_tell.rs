use zctor::prelude::*;

#[actor]
enum Counter {
    #[timeout("5s")]
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
