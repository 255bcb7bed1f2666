use zctor::prelude::*;

#[actor]
enum Counter {
    #[internal]
    #[reply(i64)]
    Get,
}

fn main() {}
