use zctor::prelude::*;

#[actor]
enum Cache<K: Clone> {
    Put { key: K },
    #[reply(Option<K>)]
    Get,
}

struct Shelf<K>(Option<K>);

#[handlers]
impl<K> CacheActor<K> for Shelf<K> {
    fn put(&mut self, key: K) {
        self.0 = Some(key);
    }
    fn get(&mut self) -> Option<K> {
        self.0.take()
    }
}

fn main() {}
