//! Generated code needs no lint to be allowed.

#![forbid(unused, missing_docs, unreachable_patterns, dead_code, refining_impl_trait, unsafe_code)]

use zctor::Batch;
use zctor::prelude::*;

/// One batch, one key.
#[actor(double)]
pub enum One {
    /// Many of it.
    #[batch]
    #[latest(by = 0)]
    Write(u32),
}

/// Several, and others.
#[actor(double)]
pub enum Several {
    /// Many of it.
    #[batch]
    Write(u32),
    /// The latest of it.
    #[latest]
    Move(u32),
    /// The latest of each.
    #[latest(by = key)]
    Set {
        /// Which.
        key: u32,
    },
    /// Nothing of the kind.
    #[reply(u32)]
    #[breaker]
    #[idempotent]
    Get,
    /// On some systems.
    #[cfg(any())]
    #[batch]
    Never,
    /// On others.
    #[cfg(any())]
    FlushWrite,
}

/// Parameters that are in no batch, and in no key.
#[actor]
enum Generic<T, const N: usize> {
    /// Many of it.
    #[batch(max = N)]
    Write(u32),
    /// The latest of it.
    #[latest(by = 0)]
    Set(u32),
    /// One that has it.
    Put(T),
}

/// Children and messages.
#[supervisor]
enum Boss<T: Clone> {
    /// Never named.
    #[child]
    One(One),
    /// Nor these.
    #[child(count = 2)]
    Several(Several),
    /// Nor started.
    #[child(dynamic)]
    Visit(Generic<T, 3>, T),
    /// Nor told.
    Go,
}

/// Children alone.
#[supervisor]
pub enum Silent<T> {
    /// Never named.
    #[child]
    One(Generic<T, 2>),
}

struct State;

#[handlers]
impl OneActor for State {
    fn write(&mut self, batch: Batch<u32>) {
        drop(batch);
    }
}

#[handlers]
impl SeveralActor for State {
    fn write(&mut self, batch: Batch<u32>) {
        drop(batch);
    }
    fn r#move(&mut self, value: u32) {
        drop(value);
    }
    fn set(&mut self, key: u32) {
        drop(key);
    }
    fn get(&self) -> u32 {
        1
    }
}

#[handlers]
impl<T: Send + 'static, const N: usize> GenericActor<T, N> for State {
    fn write(&mut self, batch: Batch<u32>) {
        drop(batch);
    }
    fn set(&mut self, value: u32) {
        drop(value);
    }
    fn put(&mut self, value: T) {
        drop(value);
    }
}

impl<T: Clone + Send + 'static> BossChildren<T> for State {
    fn one(&mut self, _: &BossHandle<T>) -> Child<One> {
        One::child(State)
    }
    fn several(&mut self, _: &BossHandle<T>, _: usize) -> Child<Several> {
        Several::child(State)
    }
    fn visit(&mut self, _: &BossHandle<T>, _: T) -> Child<Generic<T, 3>> {
        Generic::child(State)
    }
}

#[handlers]
impl<T: Clone + Send + 'static> BossActor<T> for State {
    fn go(&mut self) {}
}

impl<T: Send + 'static> SilentChildren<T> for State {
    fn one(&mut self, _: &SilentHandle<T>) -> Child<Generic<T, 2>> {
        Generic::child(State)
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let one = One::spawn(&system, State);
    one.write(1)?;
    let several = Several::spawn(&system, State);
    several.write(1)?;
    several.r#move(1)?;
    several.set(1)?;
    assert_eq!(several.get().wait()?, 1);
    drop(Boss::<u8>::start(&system, State));
    drop(Silent::<u8>::start(&system, State));
    drop(Generic::<u8, 1>::spawn(&system, State));
    system.shutdown().wait()
}
