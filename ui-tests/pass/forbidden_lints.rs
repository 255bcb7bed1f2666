//! Generated code needs no lint to be allowed.

#![forbid(unused, missing_docs, unreachable_patterns, dead_code)]

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

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let one = One::spawn(&system, State);
    one.write(1)?;
    let several = Several::spawn(&system, State);
    several.write(1)?;
    several.r#move(1)?;
    several.set(1)?;
    assert_eq!(several.get().wait()?, 1);
    system.shutdown().wait()
}
