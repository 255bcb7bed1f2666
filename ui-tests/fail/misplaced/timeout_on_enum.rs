use zctor::prelude::*;

#[actor]
#[timeout("5s")]
enum Counter {
    #[reply(i64)]
    Get,
}

fn main() {}
