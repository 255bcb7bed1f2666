use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = "symbol")]
    Price { symbol: String, price: u64 },
}

fn main() {}
