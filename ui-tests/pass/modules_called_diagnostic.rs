//! What is called `diagnostic` goes before the compiler's own: a module of that name takes in what
//! stands for it.
use zctor::prelude::*;

mod diagnostic {
    pub use zctor::without_prelude::diagnostic::*;

    pub fn of_the_users() -> u8 {
        1
    }
}

#[actor(double)]
enum Counter {
    Add { by: u8 },
}

#[supervisor]
enum Shop {
    #[child]
    Counter(Counter),
}

struct Tally(u8);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: u8) {
        self.0 += by;
    }
}

struct Keeper;

impl ShopChildren for Keeper {
    fn counter(&mut self, _: &ShopHandle) -> Child<Counter> {
        Counter::child(Tally(0))
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let shop = Shop::start(&system, Keeper).wait()?;
    shop.counter().add(diagnostic::of_the_users())?;
    system.shutdown().wait()
}
