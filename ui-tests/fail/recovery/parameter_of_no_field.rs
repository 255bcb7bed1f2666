//! A parameter that no field has is one mistake.
use zctor::prelude::*;

#[actor]
pub enum Cache<K> {
    Clear,
    #[reply(Vec<K>)]
    All,
}

struct Shelf<K>(Vec<K>);

#[handlers]
impl<K: Clone + Send + 'static> CacheActor<K> for Shelf<K> {
    fn clear(&mut self) {
        self.0.clear();
    }
    fn all(&self) -> Vec<K> {
        self.0.clone()
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let cache: CacheHandle<u8> = Cache::spawn(&system, Shelf(vec![1]));
    cache.clear()?;
    cache.all().wait()?;
    system.shutdown().wait()
}
