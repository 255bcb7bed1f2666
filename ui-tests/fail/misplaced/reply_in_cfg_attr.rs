use zctor::prelude::*;

#[actor]
enum Counter {
    #[cfg_attr(debug_assertions, reply(i64))]
    Get,
}

fn main() {}
