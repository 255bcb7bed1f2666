use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply("i64")]
    Get,
}

fn main() {}
