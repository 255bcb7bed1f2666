use zctor::prelude::*;

struct Token;

#[actor]
enum Counter {
    #[idempotent]
    #[reply(i64)]
    Get(Token),
}

fn main() {}
