use zctor::prelude::*;

#[actor]
enum Cache<K: Clone> {
    Put { key: K },
    #[reply(Option<K>)]
    Get,
}

struct Shelf<K>(Option<K>);

#[handlers]
impl CacheActor<u8> for Shelf<u8> {
    fn put(&mut self, key: u16) {
        self.0 = Some(key as u8);
    }
    fn get(&self) -> Option<u8> {
        self.0
    }
}

fn main() {}
