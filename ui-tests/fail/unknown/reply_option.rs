use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, eror = String)]
    Get,
}

fn main() {}
