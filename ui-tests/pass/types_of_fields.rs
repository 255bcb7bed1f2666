//! Types of every form, some of which lead back to the actor.
#![deny(warnings)]

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use zctor::prelude::*;

trait Shape: Send {
    fn area(&self) -> u32;
}

struct Square(u32);

impl Shape for Square {
    fn area(&self) -> u32 {
        self.0 * self.0
    }
}

type Items = <Vec<u8> as IntoIterator>::IntoIter;

macro_rules! list {
    ($ty:ty) => { Vec<$ty> };
}

const SIZE: usize = 2;

#[actor]
enum Store {
    Draw(Box<dyn Shape>),
    Call(fn(&u32) -> u32, Box<dyn FnOnce(u32) -> u32 + Send>),
    Array([u8; SIZE], [[u8; 2]; SIZE * 2]),
    Pair((u8, String), (), (u8,)),
    Items(Items, <Vec<u8> as IntoIterator>::Item),
    Listed(list![u8], list![(u8, u8)]),
    Text(&'static str, Cow<'static, [u8]>, Arc<str>),
    Back { reply_to: StoreHandle, again: Option<Box<Self>>, map: HashMap<u8, Handle<Store>> },
    Kind(StoreKind),
    #[reply(Result<u32, Box<dyn Shape>>)]
    Sum,
    #[reply((), error = std::io::Error)]
    #[idempotent]
    Check(Arc<dyn Fn() -> u32 + Send + Sync>),
    #[latest(by = key)]
    Placed { key: (u8, &'static str), shape: Box<dyn Shape> },
}

struct Total(u32);

#[handlers]
impl StoreActor for Total {
    fn draw(&mut self, shape: Box<dyn Shape>) {
        self.0 += shape.area();
    }
    fn call(&mut self, one: fn(&u32) -> u32, two: Box<dyn FnOnce(u32) -> u32 + Send>) {
        self.0 = two(one(&self.0));
    }
    fn array(&mut self, _: [u8; 2], _: [[u8; 2]; 4]) {}
    fn pair(&mut self, _: (u8, String), (): (), _: (u8,)) {}
    fn items(&mut self, items: Items, one: u8) {
        self.0 += items.map(u32::from).sum::<u32>() + u32::from(one);
    }
    fn listed(&mut self, _: Vec<u8>, _: Vec<(u8, u8)>) {}
    fn text(&mut self, _: &'static str, _: Cow<'static, [u8]>, _: Arc<str>) {}
    fn back(&mut self, reply_to: StoreHandle, again: Option<Box<Store>>, _map: HashMap<u8, Handle<Store>>) {
        if let Some(again) = again {
            reply_to.tell(*again).or_drop();
        }
    }
    fn kind(&mut self, _: StoreKind) {}
    fn sum(&self) -> Result<u32, Box<dyn Shape>> {
        Ok(self.0)
    }
    fn check(&self, check: Arc<dyn Fn() -> u32 + Send + Sync>) -> std::io::Result<()> {
        assert!(check() > 0);
        Ok(())
    }
    fn placed(&mut self, key: (u8, &'static str), shape: Box<dyn Shape>) {
        self.0 += u32::from(key.0) + shape.area();
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let store = Store::spawn(&system, Total(0));
    store.draw(Box::new(Square(2)))?;
    store.call(|one| one + 1, Box::new(|one| one * 2))?;
    store.items(vec![1, 2].into_iter(), 3)?;
    assert_eq!(store.sum().wait()?.map_err(|shape| shape.area()), Ok(16));
    store.check(Arc::new(|| 1)).wait()?;
    system.shutdown().wait()
}
