use zctor::prelude::*;

#[actor]
#[method(count)]
enum Counter {
    #[reply(i64)]
    Get,
}

fn main() {}
