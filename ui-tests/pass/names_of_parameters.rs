//! Constants and unit structs that are called like parameters of ours.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, non_upper_case_globals)]

use zctor::Batch;
use zctor::prelude::*;

struct max;
struct within;
struct script;
struct reply;
struct batch;
const value: u8 = 1;
const arg0: u8 = 1;
static arg1: u8 = 1;

#[actor(double)]
enum Counter {
    #[batch]
    Add(i64),
    Two(u8, u8),
    #[reply(u8, deferred)]
    Later(u8),
    #[reply(u8)]
    #[batch]
    Many { max_: u8 },
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, all: Batch<i64>) {
        self.0 += all.into_iter().sum::<i64>();
    }
    fn two(&mut self, one: u8, two: u8) {
        self.0 += i64::from(one + two);
    }
    fn later(&mut self, one: u8, port: Reply<u8>) {
        port.send(one);
    }
    fn many(&mut self, all: Batch<(u8, Reply<u8>)>) {
        for (one, port) in all {
            port.send(one);
        }
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    counter.configure_add(8, std::time::Duration::from_millis(1))?;
    counter.add(5)?;
    counter.two(1, 2)?;
    assert_eq!(counter.later(3).wait()?, 3);
    assert_eq!(counter.many(4).wait()?, 4);
    let double = CounterDouble::new(&system);
    let _ = double.on_two(|_, _| ());
    double.handle().two(1, 2)?;
    system.shutdown().wait()
}
