//! What an actor asks of its parameters, its handlers need not repeat.
#![deny(warnings)]

use zctor::prelude::*;

#[actor]
enum Store<K: Clone, V, const N: usize> {
    Put { key: K, values: [V; N] },
    #[reply(Option<K>)]
    Last,
}

struct Shelf<K, V>(Option<K>, Vec<V>);

#[handlers]
impl<K: Clone, V, const N: usize> StoreActor<K, V, N> for Shelf<K, V> {
    fn put(&mut self, key: K, values: [V; N]) {
        self.0 = Some(key);
        self.1.extend(values);
    }
    fn last(&self) -> Option<K> {
        self.0.clone()
    }
}

struct Other<K>(Option<K>);

#[handlers]
impl<K, V> StoreActor<K, V, 2> for Other<K>
where
    K: Clone + Send,
    V: Send + 'static,
{
    fn put(&mut self, key: K, _: [V; 2]) {
        self.0 = Some(key);
    }
    async fn last(&self) -> Option<K> {
        self.0.clone()
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let store = Store::spawn(&system, Shelf(None, vec![]));
    store.put(1, ["a"])?;
    assert_eq!(store.last().wait()?, Some(1));
    let other = Store::spawn(&system, Other(None));
    other.put("b", [1, 2])?;
    assert_eq!(other.last().wait()?, Some("b"));
    system.shutdown().wait()
}
