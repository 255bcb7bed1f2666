#![deny(unused_must_use)]

use zctor::prelude::*;

#[actor(double)]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

fn main() {
    let system = System::new().unwrap();
    let double = CounterDouble::new(&system);
    double.verify();
}
