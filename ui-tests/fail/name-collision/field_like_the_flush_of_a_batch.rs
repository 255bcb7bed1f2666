use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    Add(u8),
    #[method(configure_add)]
    Change,
}

fn main() {}
