use zctor::prelude::*;

#[actor]
enum Counter {
    #[retry(3)]
    #[reply(i64)]
    Get,
}

fn main() {}
