//! Constants and statics with the names that generated parameters have.
#![allow(non_upper_case_globals, non_camel_case_types, dead_code)]
use zctor::prelude::*;

const ctx: u8 = 0;
const next: u8 = 0;
const index: u8 = 0;
const batch: u8 = 0;
static previous: u8 = 0;
static supervisor: u8 = 0;
static within: u8 = 0;
struct reply;
struct value;
struct max;

#[actor(double)]
enum Counter {
    Add(i64),
    Put(u8, u8),
    #[reply(i64, deferred)]
    Get,
    #[batch]
    Many(i64),
    #[latest(by = 0)]
    Place(u8, i64),
    #[every("1h")]
    Tick,
}

#[supervisor]
enum Shop {
    #[child(count = 2)]
    Counter(Counter),
    #[child(dynamic)]
    Visit(Counter, i64),
    #[reply(i64)]
    Audit,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn put(&mut self, _: u8, _: u8) {}
    fn get(&mut self, answer: Reply<i64>) {
        answer.send(self.0);
    }
    fn many(&mut self, all: zctor::Batch<i64>) {
        self.0 += all.into_iter().sum::<i64>();
    }
    fn place(&mut self, _: u8, _: i64) {}
    fn tick(&mut self) {}
}

struct Premises;

impl ShopChildren for Premises {
    fn counter(&mut self, _: &ShopHandle, number: usize) -> Child<Counter> {
        Counter::child_with(move || Tally(number as i64))
    }
    fn visit(&mut self, _: &ShopHandle, total: i64) -> Child<Counter> {
        Counter::child_with(move || Tally(total))
    }
}

#[handlers]
impl ShopActor for Premises {
    fn audit(&self) -> i64 {
        1
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let shop = Shop::start(&system, Premises).wait()?;
    shop.counter(1).add(5)?;
    assert_eq!(shop.counter(1).get().wait()?, 6);
    assert_eq!(shop.counters().len(), 2);
    system.shutdown().wait()
}
