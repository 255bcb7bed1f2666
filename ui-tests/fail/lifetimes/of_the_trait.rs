use zctor::prelude::*;

#[actor]
enum Cache<'a, K> {
    Put { key: K, value: &'a str },
    #[reply(usize)]
    Size,
}

struct Shelf<'a, K>(Vec<(K, &'a str)>);

#[handlers]
impl<'a, K> CacheActor<'a, K> for Shelf<'a, K> {
    fn put(&mut self, key: K, value: &'a str) {
        self.0.push((key, value));
    }
    fn size(&self) -> usize {
        self.0.len()
    }
}

fn main() {}
