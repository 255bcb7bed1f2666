//! When its memory has grown to what its messages need, an arena allocates
//! nothing, whether it stays with its actor or travels. A burst is given back.
#![cfg(feature = "arena")]

mod support;

use std::alloc::System as Heap;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use support::within;
use zctor::arena::{Arena, Stored};
use zctor::bumpalo::collections::Vec as Words;
use zctor::prelude::*;
use zctor::{Pool, Pooled};

#[global_allocator]
static COUNTING: &StatsAlloc<Heap> = &INSTRUMENTED_SYSTEM;

const MESSAGES: usize = 10_000;
/// What the rest of the program may allocate meanwhile, and arenas that were not
/// needed before.
const OTHERS: usize = MESSAGES / 20;

fn allocations(work: impl FnOnce()) -> usize {
    let heap = Region::new(COUNTING);
    work();
    let change = heap.change();
    change.allocations + change.reallocations
}

/// How many bytes are allocated after it that were not before.
fn left_by(work: impl FnOnce()) -> isize {
    let heap = Region::new(COUNTING);
    work();
    let change = heap.change();
    change.bytes_allocated as isize - change.bytes_deallocated as isize
}

const TEXT: &str = "the quick brown fox jumps over the lazy dog";

#[actor(mailbox = 16)]
enum Counter {
    Plain,
    InArena,
    Async,
    Travelled {
        arena: Pooled<Arena>,
        words: Stored<[Stored<str>]>,
    },
    Burst {
        bytes: usize,
    },
    #[reply(usize)]
    Letters,
}

struct Tally(usize);

#[handlers]
impl CounterActor for Tally {
    fn plain(&mut self) {
        let words: Vec<String> = TEXT.split(' ').map(str::to_uppercase).collect();
        self.0 += words.iter().map(String::len).sum::<usize>();
    }
    fn in_arena(&mut self, ctx: &mut Context<Counter>) {
        let (arena, _) = ctx.split_arena();
        let words = TEXT.split(' ').map(|word| &*arena.alloc_str(word));
        let words = Words::from_iter_in(words, &arena);
        self.0 += words.iter().map(|word| word.len()).sum::<usize>();
    }
    async fn r#async(&mut self, ctx: &mut Context<Counter>) {
        let arena = ctx.arena();
        let words = TEXT.split(' ').map(|word| &*arena.alloc_str(word));
        let words = Words::from_iter_in(words, &arena).into_bump_slice();
        std::future::ready(()).await;
        self.0 += words.iter().map(|word| word.len()).sum::<usize>();
    }
    fn travelled(
        &mut self,
        arena: Pooled<Arena>,
        words: Stored<[Stored<str>]>,
    ) -> Result<(), Failure> {
        for word in arena.get(words)? {
            self.0 += arena.get(*word)?.len();
        }
        Ok(())
    }
    fn burst(&mut self, bytes: usize, ctx: &mut Context<Counter>) {
        self.0 += ctx.arena().alloc_slice_fill_copy(bytes, 0_u8).len();
    }
    fn letters(&mut self) -> usize {
        std::mem::take(&mut self.0)
    }
}

// One test, since the counter is for the whole program.
#[test]
fn arenas_allocate_once() {
    within(60, || {
        let system = System::builder().workers(1).build().unwrap();
        let counter = Counter::spawn(&system, Tally(0));
        let arenas = Pool::builder(Arena::new).reset(Arena::reset).build();
        let arenas = arenas.unwrap();
        let letters = TEXT.len() - TEXT.matches(' ').count();
        let many = |send: &dyn Fn()| {
            allocations(|| {
                for _ in 0..MESSAGES {
                    send();
                }
                assert_eq!(counter.letters().wait().unwrap(), letters * MESSAGES);
            })
        };
        let travel = || {
            let mut arena = arenas.take();
            let mut words = [None; 9];
            for (place, word) in words.iter_mut().zip(TEXT.split(' ')) {
                *place = Some(arena.put_str(word));
            }
            let words = arena.put_all(words.into_iter().flatten());
            counter.travelled(arena, words).wait().unwrap();
        };

        let plain = many(&|| counter.plain().wait().unwrap());
        assert!(plain >= 10 * MESSAGES, "{plain} allocations");
        let sends: [(&str, &dyn Fn()); 3] = [
            ("in an arena", &|| counter.in_arena().wait().unwrap()),
            ("async", &|| counter.r#async().wait().unwrap()),
            ("travelling", &travel),
        ];
        for (name, send) in sends {
            many(send); // now it has all that it needs
            let counted = many(send);
            assert!(counted <= OTHERS, "{name}: {counted} allocations");
        }

        // What is kept after a burst is within the limit.
        let left = left_by(|| {
            counter.burst(10 << 20).wait().unwrap();
            assert_eq!(counter.letters().wait().unwrap(), 10 << 20);
        });
        assert!(left <= 64 << 10, "{left} bytes left");
        drop(arenas);
        system.shutdown().wait().unwrap();
    });
}
