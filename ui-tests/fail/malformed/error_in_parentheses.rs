use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, error(String))]
    Get,
}

fn main() {}
