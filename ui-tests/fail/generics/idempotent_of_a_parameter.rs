use zctor::prelude::*;

#[actor]
enum Cache<K> {
    #[idempotent]
    #[reply(bool)]
    Has(K),
}

fn main() {}
