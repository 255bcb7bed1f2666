use zctor::prelude::*;

#[actor]
enum Cache<K: Clone> {
    Put { key: K },
    #[reply(Option<K>)]
    Get,
}

struct Shelf<K>(Option<K>);

struct Client {
    cache: CacheHandle,
}

fn main() {}
