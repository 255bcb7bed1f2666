use zctor::prelude::*;

#[actor]
enum Counter {
    #[batch]
    Write(u32),
    FlushWrite,
    #[method(configure_write)]
    Set,
}

fn main() {}
