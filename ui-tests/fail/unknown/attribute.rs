use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
    #[repyl(i64)]
    Get,
}

fn main() {}
