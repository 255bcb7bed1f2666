use zctor::prelude::*;

#[actor]
mod counter {}

fn main() {}
