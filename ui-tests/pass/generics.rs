//! Type parameters with bounds and where clauses, and const generics.
use std::collections::HashMap;
use std::fmt::Debug;
use std::hash::Hash;
use zctor::prelude::*;

#[actor(double)]
pub enum Cache<K: Eq + Hash, V, const N: usize>
where
    V: Clone + Debug + PartialEq<V>,
    Vec<V>: Debug,
{
    Put { key: K, value: V },
    #[reply(Option<V>)]
    Get { key: K },
    #[reply([usize; N])]
    Sizes,
}

struct Map<K, V>(HashMap<K, V>);

#[handlers]
impl<K, V, const N: usize> CacheActor<K, V, N> for Map<K, V>
where
    K: Eq + Hash + Send + 'static,
    V: Clone + Debug + PartialEq + Send + 'static,
{
    fn put(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }
    fn get(&self, key: K) -> Option<V> {
        self.0.get(&key).cloned()
    }
    fn sizes(&self, ctx: &mut Context<Cache<K, V, N>>) -> [usize; N] {
        assert!(ctx.name().is_none());
        [self.0.len(); N]
    }
}

fn fill<const N: usize>(cache: &CacheHandle<String, u8, N>) -> zctor::Result<()> {
    cache.put("one".to_owned(), 1)?;
    cache.tell(Cache::Put { key: "two".to_owned(), value: 2 })?;
    Ok(())
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let cache: CacheHandle<String, u8, 3> = Cache::spawn(&system, Map(HashMap::new()));
    fill(&cache)?;
    assert_eq!(cache.get("two".to_owned()).wait()?, Some(2));
    assert_eq!(cache.get("ten".to_owned()).wait()?, None);
    assert_eq!(cache.sizes().wait()?, [2; 3]);
    system.shutdown().wait()
}
