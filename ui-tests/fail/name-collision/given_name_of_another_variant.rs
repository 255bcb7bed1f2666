use zctor::prelude::*;

#[actor]
enum Counter {
    #[method(get)]
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
