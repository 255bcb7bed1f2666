use zctor::prelude::*;

#[actor(timeout = "99999999999999999999h")]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
