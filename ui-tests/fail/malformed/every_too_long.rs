use zctor::prelude::*;

#[actor]
enum Counter {
    #[every("99999999999999999999h")]
    Tick,
}

fn main() {}
