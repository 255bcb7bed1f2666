//! Variants that are called like what everybody uses, and are imported.
#![allow(dead_code)]

use zctor::Batch;
use zctor::prelude::*;

#[actor(double)]
#[derive(Debug)]
enum Outcome {
    Ok(u8),
    Err { error: u8 },
    Some(u8),
    None,
    Result,
    Option,
    Box,
    Vec,
    Default,
    Drop,
    #[reply(u32)]
    Sum,
    #[latest(by = 0)]
    #[method(cloned)]
    Clone(u8),
    #[every("1h")]
    Send,
    #[batch]
    Iterator(u8),
}

use Outcome::*;

struct Tally(u32);

#[handlers]
impl OutcomeActor for Tally {
    fn ok(&mut self, value: u8) {
        self.0 += u32::from(value);
    }
    fn err(&mut self, error: u8) {
        self.0 += u32::from(error);
    }
    fn some(&mut self, value: u8) {
        self.0 += u32::from(value);
    }
    fn none(&mut self) {}
    fn result(&mut self) {}
    fn option(&mut self) {}
    fn r#box(&mut self) {}
    fn vec(&mut self) {}
    fn default(&mut self) {}
    fn drop(&mut self) {}
    fn sum(&self) -> u32 {
        self.0
    }
    fn cloned(&mut self, value: u8) {
        self.0 += u32::from(value);
    }
    fn send(&mut self) {}
    fn iterator(&mut self, batch: Batch<u8>) {
        self.0 += batch.into_iter().map(u32::from).sum::<u32>();
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let outcome = Outcome::spawn(&system, Tally(0));
    outcome.ok(1)?;
    outcome.err(2)?;
    outcome.tell(Some(3))?;
    outcome.tell(None)?;
    outcome.drop()?;
    assert_eq!(outcome.sum().wait()?, 6);
    system.shutdown().wait()
}
