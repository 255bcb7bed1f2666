use zctor::prelude::*;

#[actor]
enum Cache<K: Clone> {
    Put { key: K },
    #[reply(Option<K>)]
    Get,
}

struct Shelf<K>(Option<K>);

struct Token;

fn put(cache: &CacheHandle<Token>) -> zctor::Result<()> {
    cache.put(Token)?;
    Ok(())
}

fn main() {}
