use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    #[timeout = "5s"]
    Get,
}

fn main() {}
