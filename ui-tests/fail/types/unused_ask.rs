#![deny(unused_must_use)]

use zctor::prelude::*;

#[actor]
enum Counter {
    #[reply(i64)]
    Get,
}

fn read(counter: &CounterHandle) {
    counter.get();
}

fn main() {}
