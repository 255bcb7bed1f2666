use zctor::prelude::*;

#[actor]
enum Counter {
    #[latest(by = sumbol)]
    Price { symbol: String, price: u64 },
    #[latest(by = 2)]
    Pair(u8, u8),
    #[latest(by = key)]
    Unit,
}

fn main() {}
