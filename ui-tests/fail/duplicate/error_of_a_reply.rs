use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, error = String, error = u8)]
    Get,
}

fn main() {}
