use zctor::prelude::*;

#[actor]
enum Cache<K> {
    #[latest(by = key)]
    Put { key: K, size: usize },
}

fn main() {}
