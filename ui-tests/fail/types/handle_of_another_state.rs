use zctor::prelude::*;
use zctor::test::Direct;

#[actor]
enum Till {
    Pay(u32),
}

fn main() {
    let _ = Till::handle(&mut 5, Till::Pay(1));
}
