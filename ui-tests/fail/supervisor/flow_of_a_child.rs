use zctor::prelude::*;

#[actor]
enum Stock {
    Add,
}

#[supervisor]
enum Shop {
    #[child]
    #[breaker]
    #[batch]
    #[idempotent]
    #[latest]
    #[limit(5, per = "1s")]
    #[every("1s")]
    Stock(Stock),
}

struct Premises;

impl ShopChildren for Premises {
    fn stock(&mut self, _: &ShopHandle) -> Child<Stock> {
        panic!("never made")
    }
}

fn main() {}
