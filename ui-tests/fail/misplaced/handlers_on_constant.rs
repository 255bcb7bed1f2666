use zctor::prelude::*;

#[handlers]
const TOTAL: i64 = 0;

fn main() {}
