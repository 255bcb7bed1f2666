//! Private enums without a word of documentation, and one that a macro makes.
#![cfg_attr(
    not(test),
    expect(clippy::missing_docs_in_private_items, reason = "that is the case")
)]

use zctor::Batch;
use zctor::prelude::*;

#[actor(double, mailbox = 8)]
enum Plain<T: Clone> {
    Unit,
    Tuple(u8, T),
    Array([u8; if cfg!(test) { 1 } else { 2 }]),
    Struct {
        first: u8,
        second: T,
    },
    #[reply(u8)]
    #[breaker]
    #[idempotent]
    Get(T),
    #[reply(T, deferred, error = String)]
    Later,
    #[batch]
    #[latest(by = 0)]
    Many(u8),
    #[limit(10, per = "1s", overflow = wait)]
    Slow,
    #[internal]
    Own,
}

struct State<T>(Option<T>);

#[handlers]
impl<T: Clone + Send + 'static> PlainActor<T> for State<T> {
    fn unit(&mut self) {}
    fn tuple(&mut self, _: u8, second: T) {
        self.0 = Some(second);
    }
    fn array(&mut self, _: [u8; if cfg!(test) { 1 } else { 2 }]) {}
    fn r#struct(&mut self, first: u8, second: T) {
        if first > 0 {
            self.0 = Some(second);
        }
    }
    fn get(&self, value: T) -> u8 {
        drop(value);
        u8::from(self.0.is_some())
    }
    fn later(&mut self, reply: Reply<T, String>) {
        match self.0.take() {
            Some(value) => reply.send(value),
            None => reply.fail(String::new()),
        }
    }
    fn many(&mut self, batch: Batch<u8>) {
        drop(batch);
    }
    fn slow(&mut self) {}
    fn own(&mut self) {}
}

#[supervisor]
enum Boss {
    #[child]
    One(Plain<u8>),
    #[child(count = 2)]
    Many(Plain<u8>),
    #[child(dynamic)]
    Visit(Plain<u8>, u8, String),
    Go {
        first: u8,
    },
}

#[supervisor]
enum Silent {
    #[child]
    One(Plain<u8>),
}

struct Factory(u8);

impl BossChildren for Factory {
    fn one(&mut self, _: &BossHandle) -> Child<Plain<u8>> {
        Plain::child(State(None))
    }
    fn many(&mut self, _: &BossHandle, _: usize) -> Child<Plain<u8>> {
        Plain::child(State(None))
    }
    fn visit(&mut self, _: &BossHandle, arg0: u8, _: String) -> Child<Plain<u8>> {
        Plain::child(State(Some(arg0)))
    }
}

#[handlers]
impl BossActor for Factory {
    fn go(&mut self, first: u8) {
        self.0 = first;
    }
}

impl SilentChildren for Factory {
    fn one(&mut self, _: &SilentHandle) -> Child<Plain<u8>> {
        Plain::child(State(None))
    }
}

/// A counter of a name, and its state.
macro_rules! counter {
    ($name:ident by $actor:ident of $state:ident: $ty:ty) => {
        #[actor(double)]
        enum $name {
            Add {
                by: $ty,
            },
            Set($ty),
            #[reply($ty)]
            Get,
        }

        struct $state($ty);

        #[handlers]
        impl $actor for $state {
            fn add(&mut self, by: $ty) {
                self.0 = self.0.saturating_add(by);
            }
            fn set(&mut self, value: $ty) {
                self.0 = value;
            }
            fn get(&self) -> $ty {
                self.0
            }
        }
    };
}

counter!(Counter by CounterActor of Total: i64);

/// What the enums above are used by.
///
/// # Errors
///
/// If one of them ends before its time.
#[inline]
pub fn uses(system: &System) -> zctor::Result<i64> {
    let counter = Counter::spawn(system, Total(0));
    counter.add(1)?;
    counter.set(2)?;
    let plain = Plain::spawn(system, State(None));
    plain.unit().wait()?;
    plain.tuple(1, counter.get().wait()?).wait()?;
    plain.r#struct(1, 2).wait()?;
    Silent::start(system, Factory(0))
        .wait()?
        .one()
        .unit()
        .wait()?;
    let boss = Boss::start(system, Factory(0)).wait()?;
    boss.go(1)?;
    for one in boss.manies() {
        one.slow().wait()?;
    }
    plain.later().wait().map_err(Into::into)
}
