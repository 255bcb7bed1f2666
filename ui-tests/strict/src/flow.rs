//! Circuit breakers, limits, batches, ticks, and messages of which only the latest counts.

use core::fmt;

use zctor::Batch;
use zctor::prelude::*;

/// How many calls are looked at.
const MANY: u32 = 20;

/// How many messages a batch has.
const LARGE: usize = 100;

/// Whether an error is of no account.
fn is_harmless<E>(error: &AskError<E>) -> bool {
    error.is_timeout()
}

/// A site.
#[derive(Debug)]
#[actor(double, mailbox = 8)]
#[non_exhaustive]
pub enum Site {
    /// Sent by the clock.
    #[every("1h")]
    #[internal]
    Tick,
    /// Sent by the clock and by others.
    #[every("1m 30s")]
    Tock,
    /// With all defaults.
    #[reply(u32)]
    #[breaker]
    Plain,
    /// Failures in a row.
    #[reply(u32)]
    #[breaker(failures = 5, recovery = "30s", successes = MANY, trials = 3, ignore = is_harmless)]
    InARow,
    /// A share of the calls.
    #[reply(u32, error = fmt::Error)]
    #[breaker(calls = MANY, minimum = 5, rate = 40, slow = "1s", slow_rate = 90)]
    OfCalls {
        /// Which page.
        page: u8,
        /// What for.
        query: String,
    },
    /// A share of the calls in a time.
    #[reply(u32, deferred)]
    #[breaker(time = "1m 30s", recovery = "5s")]
    #[limit(MANY, per = "1s", burst = MANY, overflow = wait)]
    #[timeout("1s")]
    OfTime(u8),
    /// May be repeated.
    #[idempotent]
    #[reply(u32, error = String)]
    #[breaker]
    #[limit(1000, per = "1s")]
    Again {
        /// Which page.
        page: u8,
        /// Nowhere.
        #[cfg(windows)]
        never: Nowhere,
        /// Where the answer goes.
        #[cfg(not(windows))]
        back: String,
    },
    /// May be repeated, and is handled with others.
    #[idempotent]
    #[reply(u32)]
    #[batch]
    AgainMany(u32),
    /// Not too often.
    #[limit(MANY, per = "1s")]
    Rejects(u8),
    /// Not too often, before others.
    #[limit(MANY, per = "1s", overflow = reject)]
    #[priority(high)]
    High,
    /// When there is time.
    #[limit(MANY, per = "1s", overflow = wait)]
    Waits(u8),
    /// Many at a time.
    #[batch(max = LARGE, within = "10ms")]
    Write {
        /// Where.
        at: u64,
        /// What.
        bytes: Vec<u8>,
    },
    /// Many at a time, of an older name.
    #[deprecated]
    #[batch]
    Append(Vec<u8>),
    /// Many asks at a time.
    #[batch(max = 10)]
    #[reply(usize, error = String)]
    Read {
        /// Where.
        at: u64,
        /// How much.
        count: usize,
    },
    /// Many at a time, by itself.
    #[internal]
    #[batch]
    Sync,
    /// The latest.
    #[latest]
    Cursor {
        /// To the right.
        x: f32,
        /// And down.
        y: f32,
    },
    /// The latest of each.
    #[latest(by = symbol)]
    Price {
        /// Whose.
        symbol: String,
        /// How much.
        cents: i64,
    },
    /// The latest of each, many at a time.
    #[latest(by = 0)]
    #[batch]
    Level(u8, f32),
}

/// What is behind the site.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Pages {
    /// How many.
    count: u32,
    /// How much.
    size: usize,
}

#[handlers]
impl SiteActor for Pages {
    fn tick(&mut self) {}
    fn tock(&mut self) {}
    fn plain(&self) -> u32 {
        1
    }
    fn in_a_row(&self) -> u32 {
        self.count
    }
    fn of_calls(&self, page: u8, query: String) -> Result<u32, fmt::Error> {
        if query.is_empty() {
            Err(fmt::Error)
        } else {
            Ok(u32::from(page))
        }
    }
    fn of_time(&mut self, value: u8, reply: Reply<u32>) {
        reply.send(u32::from(value));
    }
    async fn again(&mut self, page: u8, back: String) -> Result<u32, String> {
        if page > 0 {
            Ok(u32::from(page))
        } else {
            Err(back)
        }
    }
    fn again_many(&mut self, batch: Batch<(u32, Reply<u32>)>) {
        batch.for_each(|(value, reply)| reply.send(value));
    }
    fn rejects(&mut self, value: u8) {
        self.count = u32::from(value);
    }
    fn high(&mut self) {}
    fn waits(&mut self, value: u8) {
        self.count = u32::from(value);
    }
    fn write(&mut self, batch: Batch<(u64, Vec<u8>)>) {
        for (_, bytes) in batch {
            self.size = self.size.saturating_add(bytes.len());
        }
    }
    fn append(&mut self, batch: Batch<Vec<u8>>) {
        self.size = batch.len();
    }
    async fn read(&mut self, batch: Batch<((u64, usize), Reply<usize, String>)>) {
        for ((_, count), reply) in batch {
            reply.send(count);
        }
    }
    fn sync(&mut self, batch: Batch<()>) -> Result<(), fmt::Error> {
        drop(batch);
        Ok(())
    }
    fn cursor(&mut self, x: f32, y: f32) {
        self.count = u32::from(x > y);
    }
    fn price(&mut self, symbol: String, cents: i64) {
        self.size = symbol.len();
        self.count = u32::from(cents > 0);
    }
    fn level(&mut self, batch: Batch<(u8, f32)>) {
        self.size = batch.len();
    }
}

/// One message that is both.
#[derive(Debug)]
#[actor(double = OnlyScript)]
#[non_exhaustive]
pub enum Only {
    /// Many of it.
    #[batch]
    #[latest(by = 0)]
    Write(u32),
}

#[handlers]
impl OnlyActor for Pages {
    fn write(&mut self, batch: Batch<u32>) {
        self.size = batch.len();
    }
}
