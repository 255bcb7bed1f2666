use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(error = String)]
    Get,
}

fn main() {}
