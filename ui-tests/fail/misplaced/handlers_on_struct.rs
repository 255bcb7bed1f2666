use zctor::prelude::*;

#[handlers]
struct Tally(i64);

fn main() {}
