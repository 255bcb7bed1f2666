use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(key = symbol)]
    Price { symbol: String, price: u64 },
}

fn main() {}
