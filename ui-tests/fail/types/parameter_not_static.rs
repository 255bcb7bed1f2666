use std::fmt::Debug;
use std::rc::Rc;
use zctor::prelude::*;

#[actor]
enum Cache<K: Debug> {
    Put(K),
}

fn fill(cache: CacheHandle<Rc<str>>) {
    drop(cache);
}

fn main() {}
