use zctor::prelude::*;

#[actor(mailbx = 64)]
enum Counter {
    Add(i64),
    #[reply(i64)]
    Get,
}

fn main() {}
