#![deny(unused_must_use)]

use zctor::prelude::*;

#[actor(mailbox = 64)]
enum Counter {
    Add { by: i64 },
}

fn increase(counter: &CounterHandle) {
    counter.add(5);
}

fn main() {}
