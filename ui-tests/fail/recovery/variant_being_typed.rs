//! Half a child stands among whole ones.
use zctor::prelude::*;

#[actor]
enum Stock {
    Add(u32),
    #[reply(u32)]
    Count,
}

struct Shelf(u32);

#[handlers]
impl StockActor for Shelf {
    fn add(&mut self, value: u32) {
        self.0 += value;
    }
    fn count(&self) -> u32 {
        self.0
    }
}

#[supervisor(strategy = one_for_all)]
enum Shop {
    #[child]
    Stock(Stock)
    #[child(count = 2)]
    Spare(Stock),
    #[reply(u32)]
    Audit = ,
}

struct Premises;

impl ShopChildren for Premises {
    fn stock(&mut self, _: &ShopHandle) -> Child<Stock> {
        Stock::child(Shelf(0))
    }
    fn spare(&mut self, _: &ShopHandle, _: usize) -> Child<Stock> {
        Stock::child(Shelf(0))
    }
}

#[handlers]
impl ShopActor for Premises {
    fn audit(&mut self) -> u32 {
        1
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let shop: ShopHandle = Shop::start(&system, Premises).wait()?;
    shop.stock().add(1)?;
    assert_eq!(shop.spares().len(), 2);
    assert_eq!(shop.audit().wait()?, 1);
    system.shutdown().wait()
}
