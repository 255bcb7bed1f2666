use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = price)]
    Price { symbol: String, price: f64 },
}

fn main() {}
