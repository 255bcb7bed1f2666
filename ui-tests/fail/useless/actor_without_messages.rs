use zctor::prelude::*;

#[actor]
enum Counter {}

fn main() {}
