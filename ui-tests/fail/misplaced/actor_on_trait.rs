use zctor::prelude::*;

#[actor]
trait Counter {}

fn main() {}
