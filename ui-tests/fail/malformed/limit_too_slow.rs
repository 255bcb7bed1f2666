use zctor::prelude::*;

#[actor]
enum Counter {
    #[limit(1, per = "2000000h")]
    Add(i64),
}

fn main() {}
