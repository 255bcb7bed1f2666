//! Messages of which only the latest counts, in every form.

#![deny(warnings)]

use std::hash::Hash;

use zctor::Batch;
use zctor::prelude::*;

#[actor(mailbox = 8)]
pub enum Screen<K: Clone + Eq + Hash + Send + 'static, V, const N: usize>
where
    V: Send + 'static,
{
    #[latest]
    Unit,
    #[latest]
    Cursor { x: f32, y: f32 },
    #[latest(by = key)]
    Cell { key: K, value: V },
    #[latest(by = 1)]
    Tuple(V, K),
    #[latest(by = r#type)]
    Raw { r#type: String },
    #[latest(by = 0)]
    #[priority(high)]
    High(u8),
    #[latest(by = 0)]
    #[batch(max = N)]
    Batched(u8, V),
    #[latest(by = 0)]
    #[limit(100, per = "1s")]
    Limited(u8),
    #[cfg(any())]
    #[latest(by = nowhere)]
    Never { nowhere: Nowhere },
    Ordinary(V),
    #[reply(u32)]
    Seen,
}

#[derive(Default)]
pub struct Pixels(u32);

#[handlers]
impl<K: Clone + Eq + Hash + Send + 'static, V: Send + 'static, const N: usize> ScreenActor<K, V, N>
    for Pixels
{
    fn unit(&mut self) {
        self.0 += 1;
    }
    fn cursor(&mut self, x: f32, y: f32) {
        self.0 += (x + y) as u32;
    }
    fn cell(&mut self, _key: K, _value: V) {
        self.0 += 1;
    }
    fn tuple(&mut self, _value: V, _key: K) {
        self.0 += 1;
    }
    fn raw(&mut self, r#type: String) {
        self.0 += r#type.len() as u32;
    }
    fn high(&mut self, _value: u8) {
        self.0 += 1;
    }
    fn batched(&mut self, batch: Batch<(u8, V)>) {
        self.0 += batch.len() as u32;
    }
    fn limited(&mut self, _value: u8) {
        self.0 += 1;
    }
    fn ordinary(&mut self, _value: V) {
        self.0 += 1;
    }
    fn seen(&self) -> u32 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let screen = Screen::<String, Vec<u8>, 3>::spawn(&system, Pixels::default());
    screen.unit().wait()?;
    screen.cursor(1.0, 1.0).wait()?;
    screen.cell("a".to_owned(), vec![]).wait()?;
    screen.tuple(vec![], "a".to_owned()).wait()?;
    screen.raw("four".to_owned()).wait()?;
    screen.high(1)?;
    screen.batched(1, vec![]).wait()?;
    screen.limited(1).wait()?;
    screen.ordinary(vec![]).wait()?;
    assert_eq!(screen.seen().wait()?, 13);
    system.shutdown().wait()
}
