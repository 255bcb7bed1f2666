use zctor::prelude::*;

#[actor]
enum Counter {
    #[priority("normal")]
    Add(i64),
}

fn main() {}
