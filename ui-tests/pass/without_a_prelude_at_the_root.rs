//! A crate without any prelude, with every attribute in it.
#![no_implicit_prelude]

use ::zctor::without_prelude::diagnostic;
use ::zctor::{Spawn, Supervisor, actor, handlers, supervisor};

#[actor(double, timeout = "5s", mailbox = 64, overflow = wait)]
pub enum Counter<K: ::std::clone::Clone> {
    #[limit(100, per = "1s")]
    Add { by: i64, key: K },
    #[reply(i64)]
    #[breaker]
    #[idempotent]
    #[timeout("1s")]
    Get,
    #[batch]
    Many(i64),
    #[latest(by = 0)]
    Place(u8, i64),
    #[every("1h")]
    Tick,
    #[internal]
    Inside,
    #[priority(high)]
    #[method(at_once)]
    Now,
    #[reply(i64, error = ::zctor::Failure, deferred)]
    Later,
}

#[supervisor(strategy = one_for_all, max_restarts = 2, within = "1s")]
pub enum Shop {
    #[child(count = 2, shutdown = "1s")]
    Counter(Counter<u8>),
    #[child(dynamic, restart = temporary)]
    Visit(Counter<u8>, i64),
    #[reply(i64)]
    Audit,
    Open,
}

pub struct Tally(i64);

#[handlers]
impl CounterActor<u8> for Tally {
    fn add(&mut self, by: i64, key: u8) {
        self.0 += by * <i64 as ::std::convert::From<u8>>::from(key);
    }
    async fn get(&mut self) -> i64 {
        self.0
    }
    fn many(&mut self, batch: ::zctor::Batch<i64>) {
        for value in batch {
            self.0 += value;
        }
    }
    fn place(&mut self, key: u8, value: i64) {
        self.0 += value * <i64 as ::std::convert::From<u8>>::from(key);
    }
    fn tick(&mut self) {}
    fn inside(&mut self) {}
    fn at_once(&mut self) {}
    fn later(&mut self, reply: ::zctor::Reply<i64, ::zctor::Failure>) {
        reply.send(self.0);
    }
    fn ready(&self, _: CounterKind) -> bool {
        true
    }
    fn on_start(&mut self, _: &mut ::zctor::Context<Counter<u8>>) -> ::zctor::Result<()> {
        ::std::result::Result::Ok(())
    }
}

pub struct Premises;

impl ShopChildren for Premises {
    fn counter(&mut self, _: &ShopHandle, _: usize) -> ::zctor::Child<Counter<u8>> {
        Counter::child_with(|| Tally(0))
    }
    fn visit(&mut self, _: &ShopHandle, value: i64) -> ::zctor::Child<Counter<u8>> {
        Counter::child(Tally(value))
    }
}

#[handlers]
impl ShopActor for Premises {
    fn audit(&self) -> i64 {
        1
    }
    fn open(&mut self, ctx: &mut ::zctor::Context<Shop>) {
        ::std::mem::drop(ctx.start_visit(3));
    }
}

fn main() -> ::zctor::Result<()> {
    let system = ::zctor::System::new()?;
    let shop = Shop::start(&system, Premises).wait()?;
    let visit = shop.start_visit(1).wait()?;
    visit.add(5, 2).wait()?;
    ::std::assert_eq!(visit.get().wait()?, 11);
    ::std::assert_eq!(visit.later().wait()?, 11);
    ::std::assert_eq!(shop.audit().wait()?, 1);
    shop.open()?;
    let double = CounterDouble::<u8>::new(&system);
    double.on_get(|| 3);
    ::std::assert_eq!(double.handle().get().wait()?, 3);
    double.verify().wait();
    system.shutdown().wait()
}
