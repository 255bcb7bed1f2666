//! What a pool of buffers saves, and when it saves nothing: the same work with
//! buffers out of a `Pool`, with new ones of the right size, and with new ones
//! that grow as they are written.
//!
//! ```sh
//! cargo run --release --example pooled_buffers
//! ```

use std::hint::black_box;
use std::time::Instant;

use zctor::prelude::*;
use zctor::{Pool, Pooled, Tell};

/// From small to large: an allocator gives less memory back to the system once
/// it has seen a large block come and go.
const SIZES: [usize; 6] = [64, 1 << 10, 4 << 10, 16 << 10, 64 << 10, 1 << 20];
/// Each figure is the best of so many.
const ROUNDS: usize = 7;
/// What one round is about, unless that is too many buffers.
const BYTES: usize = 200_000_000;
const MOST: usize = 200_000;
/// How many there are at once, where there are several.
const SEVERAL: usize = 32;

#[derive(Clone, Copy)]
enum Use {
    OneAtATime,
    SeveralAtOnce,
    /// To an actor, which drops them on its own thread.
    Sent,
}

const USES: [(&str, Use); 3] = [
    ("one at a time", Use::OneAtATime),
    ("32 at once", Use::SeveralAtOnce),
    ("sent to an actor", Use::Sent),
];

/// Adds up what it is sent. Its mailbox is what bounds the buffers on the way.
#[actor(mailbox = 32)]
enum Reader {
    Pooled(Pooled<Vec<u8>>),
    Plain(Vec<u8>),
    #[reply(u64)]
    Total,
}

#[derive(Default)]
struct Sum(u64);

#[handlers]
impl ReaderActor for Sum {
    fn pooled(&mut self, value: Pooled<Vec<u8>>) {
        self.0 += read(&value);
    }
    fn plain(&mut self, value: Vec<u8>) {
        self.0 += read(&value);
    }
    fn total(&self) -> u64 {
        self.0
    }
}

/// One byte of each cache line.
fn read(buffer: &[u8]) -> u64 {
    buffer.iter().step_by(64).map(|byte| u64::from(*byte)).sum()
}

/// Writes `size` bytes in parts, as a serializer does.
fn write(buffer: &mut Vec<u8>, size: usize) {
    let part = [1; 1024];
    while buffer.len() < size {
        buffer.extend_from_slice(&part[..part.len().min(size - buffer.len())]);
    }
    black_box(buffer);
}

struct Bench {
    reader: ReaderHandle,
    what: Use,
    size: usize,
    count: usize,
}

impl Bench {
    /// The nanoseconds for a buffer that is taken, written, used and dropped.
    fn nanos<B>(
        &self,
        take: impl Fn() -> B,
        bytes: impl Fn(&mut B) -> &mut Vec<u8>,
        send: impl Fn(B) -> Tell<Reader>,
    ) -> zctor::Result<f64> {
        let written = || {
            let mut buffer = take();
            write(bytes(&mut buffer), self.size);
            buffer
        };
        let begun = Instant::now();
        match self.what {
            Use::OneAtATime => (0..self.count).for_each(|_| drop(written())),
            Use::SeveralAtOnce => {
                let mut held = Vec::with_capacity(SEVERAL);
                for _ in 0..self.count / SEVERAL {
                    held.extend((0..SEVERAL).map(|_| written()));
                    held.clear();
                }
            }
            Use::Sent => {
                for _ in 0..self.count {
                    send(written()).wait()?;
                }
                self.reader.total().wait()?;
            }
        }
        Ok(begun.elapsed().as_nanos() as f64 / self.count as f64)
    }

    fn new_ones(&self, take: impl Fn() -> Vec<u8>) -> zctor::Result<f64> {
        self.nanos(take, |buffer| buffer, |buffer| self.reader.plain(buffer))
    }

    fn pooled(&self, pool: &Pool<Vec<u8>>) -> zctor::Result<f64> {
        let send = |buffer| self.reader.pooled(buffer);
        self.nanos(|| pool.take(), |buffer| buffer, send)
    }
}

fn main() -> zctor::Result<()> {
    let system = System::builder().workers(1).build()?;
    let reader = Reader::spawn(&system, Sum::default());

    println!("Nanoseconds for a buffer that is written and dropped, the best of {ROUNDS} rounds;");
    println!("in brackets, how many times as long as with a pool. Then how many buffers");
    println!("the pool made, for how many that were taken.\n");
    println!(
        "{:>8}  {:<16} {:>7} {:>18} {:>18}   made / taken",
        "bytes", "", "pooled", "new, sized", "new, growing"
    );
    for size in SIZES {
        for (name, what) in USES {
            let bench = Bench {
                reader: reader.clone(),
                what,
                size,
                count: (BYTES / size).min(MOST) / SEVERAL * SEVERAL,
            };
            let pool = Pool::builder(Vec::new).reset(Vec::clear).build()?;
            let [mut pooled, mut sized, mut growing] = [f64::MAX; 3];
            for _ in 0..ROUNDS {
                pooled = pooled.min(bench.pooled(&pool)?);
                sized = sized.min(bench.new_ones(|| Vec::with_capacity(size))?);
                growing = growing.min(bench.new_ones(Vec::new)?);
            }
            let (of_sized, of_growing) = (sized / pooled, growing / pooled);
            print!("{size:>8}  {name:<16} {pooled:>7.0}");
            print!(" {sized:>10.0} ({of_sized:>5.2}) {growing:>10.0} ({of_growing:>5.2})");
            println!("   {} / {}", pool.stats().made(), pool.stats().taken());
        }
    }
    system.shutdown().wait()
}
