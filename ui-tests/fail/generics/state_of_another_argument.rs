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
    fn put(&mut self, key: u8) {
        self.0 = Some(key);
    }
    fn get(&self) -> Option<u8> {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let cache = Cache::<char>::spawn(&system, Shelf(None::<u8>));
    cache.put('a')?;
    system.shutdown().wait()
}
