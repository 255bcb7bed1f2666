use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, err = String)]
    Get,
}

fn main() {}
