use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(2 per = "1s")]
    Add(i64),
    #[reply(i64)]
    #[breaker(failures = 3 recovery = "1s")]
    Get,
}

fn main() {}
