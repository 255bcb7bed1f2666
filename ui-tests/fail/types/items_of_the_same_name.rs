use zctor::prelude::*;

struct CounterHandle;

#[actor]
enum Counter {
    Add { by: i64 },
}

fn main() {}
