//! A misspelt attribute makes no message of a child.
use zctor::prelude::*;

#[actor]
enum Worker {
    Work,
}

struct Hands;

#[handlers]
impl WorkerActor for Hands {
    fn work(&mut self) {}
}

#[supervisor]
enum Shop {
    #[chld]
    Worker(Worker),
    #[reply(u8)]
    Audit,
}

struct Premises;

impl ShopChildren for Premises {
    fn worker(&mut self, _: &ShopHandle) -> Child<Worker> {
        Worker::child(Hands)
    }
}

#[handlers]
impl ShopActor for Premises {
    fn audit(&self) -> u8 {
        1
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let shop: ShopHandle = Shop::start(&system, Premises).wait()?;
    shop.worker().work()?;
    println!("{}", shop.audit().wait()?);
    system.shutdown().wait()
}
