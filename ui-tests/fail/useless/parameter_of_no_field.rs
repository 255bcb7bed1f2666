use zctor::prelude::*;

#[actor]
enum Counter<K, const N: usize> {
    Clear,
    #[reply(Vec<K>)]
    All,
}

fn main() {}
