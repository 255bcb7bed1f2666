use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    Add { by: i32 },
}

fn main() {}
