use zctor::prelude::*;

#[actor]
#[cfg_attr(debug_assertions, timeout("5s"))]
enum Counter {
    #[reply(i64)]
    Get,
}

fn main() {}
