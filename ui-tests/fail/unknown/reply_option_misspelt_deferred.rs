use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64, defered)]
    Get,
}

fn main() {}
