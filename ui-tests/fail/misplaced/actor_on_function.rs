use zctor::prelude::*;

#[actor]
fn counter() {}

fn main() {}
