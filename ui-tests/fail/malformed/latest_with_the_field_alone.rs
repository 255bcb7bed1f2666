use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(symbol)]
    Price { symbol: String, price: u64 },
}

fn main() {}
