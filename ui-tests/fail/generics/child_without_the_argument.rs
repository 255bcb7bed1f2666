use zctor::prelude::*;

#[actor]
enum Cache<K> {
    Put(K),
}

#[supervisor]
enum Shop {
    #[child]
    Cache(Cache),
}

fn main() {}
