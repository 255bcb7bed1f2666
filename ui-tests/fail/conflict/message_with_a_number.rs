use zctor::prelude::*;

#[actor]
enum Lamp {
    Off = 1,
    On,
}

fn main() {}
