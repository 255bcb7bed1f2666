use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, error)]
    Get,
}

fn main() {}
