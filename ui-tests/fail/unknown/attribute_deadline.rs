use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    #[deadline("5s")]
    Get,
}

fn main() {}
