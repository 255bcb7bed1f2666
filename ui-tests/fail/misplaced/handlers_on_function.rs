use zctor::prelude::*;

#[handlers]
fn add() {}

fn main() {}
