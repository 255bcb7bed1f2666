use zctor::prelude::*;

#[supervisor]
enum Shop {
    #[reply(u32)]
    Audit,
}

fn main() {}
