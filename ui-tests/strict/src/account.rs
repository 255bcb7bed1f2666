//! An account: the options of an enum, and the forms of messages and handlers.

use core::error::Error;
use core::fmt;

use zctor::Exit;
use zctor::prelude::*;

/// How many messages may wait.
const ROOM: usize = 64;

/// Why nothing was taken.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Overdrawn;

impl fmt::Display for Overdrawn {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not enough is left")
    }
}

#[expect(clippy::missing_trait_methods, reason = "the rest has defaults")]
impl Error for Overdrawn {}

/// An account.
#[derive(Debug)]
#[actor(double, mailbox = ROOM, overflow = reject, timeout = "5s")]
#[non_exhaustive]
pub enum Account {
    /// Adds to the balance. See [`Self::Balance`].
    Deposit {
        /// How much.
        amount: i64,
        /// Who pays: `None` of a stranger.
        payer: Option<String>,
    },
    /// The balance.
    #[reply(i64)]
    Balance,
    /// Takes from the balance.
    #[reply(i64, error = Overdrawn)]
    #[timeout("100ms")]
    Take(
        /// How much.
        i64,
    ),
    /// A reply that is a result itself.
    #[reply(Result<i64, Overdrawn>)]
    Limit(i64, bool),
    /// A reply that comes later.
    #[reply(i64, deferred)]
    Interest {
        /// Of how many years.
        years: u8,
    },
    /// One that may fail, later.
    #[reply(String, deferred, error = Overdrawn)]
    Statement,
    /// Many at once.
    #[reply(u8)]
    Many(u8, u8, u8, u8, u8, u8, u8, u8),
    /// An older name.
    #[deprecated(since = "0.1.0", note = "use `Deposit`")]
    Pay(i64),
    /// One that is old, that says more, and that is there, under conditions.
    #[cfg_attr(not(windows), deprecated, doc = "See [`Self::Balance`].")]
    #[cfg_attr(not(windows), cfg(not(windows)))]
    Correct {
        /// By how much.
        #[deprecated]
        by: i64,
        /// Nothing.
        #[cfg_attr(not(windows), cfg(windows))]
        never: Nowhere,
    },
    /// Fields that are old, and that are there under conditions.
    Older(
        #[deprecated] i64,
        #[cfg_attr(not(windows), cfg(windows))] Nowhere,
    ),
    /// What is never there.
    #[cfg_attr(not(windows), cfg(windows))]
    Elsewhere(Nowhere),
    /// An older ask.
    #[deprecated]
    #[reply(i64)]
    Worth,
    /// On some systems.
    #[cfg(not(windows))]
    Here(u8, #[cfg(windows)] Nowhere, #[cfg(not(windows))] u8),
    /// On others.
    #[cfg(windows)]
    There(Nowhere),
    /// The hour is over.
    #[internal]
    Hour,
    /// The day is over.
    #[every("24h")]
    Day,
    /// Another name.
    #[method(close_down)]
    Close,
    /// Of a keyword.
    Match {
        /// Another.
        r#type: u8,
    },
    /// Before all others.
    #[priority(high)]
    Freeze,
}

/// The balance.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Balance {
    /// In cents.
    cents: i64,
    /// Who is told.
    watchers: usize,
}

#[handlers]
impl AccountActor for Balance {
    fn on_start(&mut self, ctx: &mut Context<Account>) -> Result<(), Overdrawn> {
        self.watchers = ctx.name().map_or(0, str::len);
        Ok(())
    }
    fn on_restart(&mut self, previous: Exit) {
        drop(previous);
        self.watchers = 0;
    }
    async fn on_stop(&mut self) {
        self.cents = 0;
    }
    fn ready(&self, next: AccountKind) -> bool {
        next != AccountKind::Freeze || self.cents > 0
    }
    fn deposit(&mut self, amount: i64, payer: Option<String>) {
        if payer.is_some() {
            self.cents = self.cents.saturating_add(amount);
        }
    }
    fn balance(&self) -> i64 {
        self.cents
    }
    fn take(&mut self, amount: i64) -> Result<i64, Overdrawn> {
        if self.cents < amount {
            return Err(Overdrawn);
        }
        self.cents = self.cents.saturating_sub(amount);
        Ok(self.cents)
    }
    async fn limit(&mut self, arg0: i64, arg1: bool) -> Result<i64, Overdrawn> {
        if arg1 { Err(Overdrawn) } else { Ok(arg0) }
    }
    fn interest(&mut self, years: u8, reply: Reply<i64>) {
        reply.send(self.cents.saturating_mul(i64::from(years)));
    }
    async fn statement(&mut self, reply: Reply<String, Overdrawn>, ctx: &mut Context<Account>) {
        match ctx.name() {
            Some(name) => reply.send(name.to_owned()),
            None => reply.fail(Overdrawn),
        }
    }
    fn many(&mut self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8) -> u8 {
        a.max(b).max(c).max(d).max(e).max(f).max(g).max(h)
    }
    fn pay(&mut self, amount: i64) {
        self.cents = self.cents.saturating_add(amount);
    }
    fn correct(&mut self, by: i64) {
        self.cents = self.cents.saturating_add(by);
    }
    fn older(&mut self, by: i64) {
        self.cents = self.cents.saturating_add(by);
    }
    fn worth(&self) -> i64 {
        self.cents
    }
    fn here(&mut self, first: u8, second: u8) {
        self.cents = i64::from(first.max(second));
    }
    #[cfg(windows)]
    fn there(&mut self, value: Nowhere) {
        drop(value);
    }
    async fn hour(&mut self) {
        self.cents = self.cents.saturating_add(1);
    }
    fn day(&mut self) {}
    fn close_down(&mut self, ctx: &mut Context<Account>) {
        ctx.stop();
    }
    fn r#match(&mut self, r#type: u8) {
        self.cents = i64::from(r#type);
    }
    fn freeze(&mut self) -> Result<(), Overdrawn> {
        Err(Overdrawn)
    }
}

/// Another state of the protocol, whose trait is written out.
#[derive(Debug)]
#[non_exhaustive]
pub struct Fixed;

/// Options that exclude those above, and private names of everything.
#[derive(Debug, Clone, PartialEq, Eq)]
#[actor(mailbox = 8, overflow = wait, thread = dedicated, handle = Window, trait = Clerk)]
#[non_exhaustive]
pub enum Desk {
    /// A number is called.
    Call(u32),
    /// Who is served.
    #[reply(Option<u32>)]
    Served,
}

/// A queue without a lock.
#[derive(Debug)]
#[actor(mailbox = lock_free(16), overflow = drop_oldest, thread = shared)]
#[non_exhaustive]
pub enum Ring {
    /// A byte.
    Put(u8),
}

/// One without a limit.
#[derive(Debug)]
#[actor(mailbox = lock_free)]
#[non_exhaustive]
pub enum Stream {
    /// A byte.
    Put(u8),
}

/// One that drops what comes.
#[derive(Debug)]
#[actor(mailbox = 4, overflow = drop_newest, crate = zctor)]
#[non_exhaustive]
pub enum Sink {
    /// A byte.
    Put(u8),
}

/// What calls back.
#[non_exhaustive]
pub struct Told {
    /// The function.
    call: Box<dyn Fn(i64) -> bool + Send>,
}

impl fmt::Debug for Told {
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Told").finish_non_exhaustive()
    }
}

/// One that says that it has no limit.
#[derive(Debug)]
#[actor(mailbox = unbounded)]
#[non_exhaustive]
pub enum Heap {
    /// A byte.
    Put(u8),
    /// A function.
    Call(Told),
}

/// One state of several protocols.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Last {
    /// What came last.
    last: Option<u32>,
}

#[handlers(Desk)]
impl Clerk for Last {
    fn call(&mut self, number: u32) {
        self.last = Some(number);
    }
    fn served(&self) -> Option<u32> {
        self.last
    }
}

#[handlers]
impl RingActor for Last {
    fn put(&mut self, value: u8) {
        self.last = Some(u32::from(value));
    }
}

#[handlers]
impl StreamActor for Last {
    async fn put(&mut self, value: u8) {
        self.last = Some(u32::from(value));
    }
}

#[handlers(crate = zctor)]
impl SinkActor for Last {
    fn put(&mut self, value: u8) {
        self.last = Some(u32::from(value));
    }
}

#[handlers]
impl HeapActor for Last {
    fn call(&mut self, told: Told) {
        self.last = Some(u32::from((told.call)(1)));
    }
    fn put(&mut self, value: u8) {
        self.last = Some(u32::from(value));
    }
}

/// Sums numbers up with an actor that only this function knows.
///
/// # Errors
///
/// If the actor ends before its time.
#[inline]
pub fn total(system: &System, numbers: &[i64]) -> zctor::Result<i64> {
    /// A sum.
    #[actor(double)]
    enum Sum {
        /// Adds a number.
        Add {
            /// The number.
            number: i64,
        },
        /// The sum.
        #[reply(i64)]
        Get,
    }

    /// Up to now.
    struct Total(i64);

    #[handlers]
    impl SumActor for Total {
        fn add(&mut self, number: i64) {
            self.0 = self.0.saturating_add(number);
        }
        fn get(&self) -> i64 {
            self.0
        }
    }

    let sum = Sum::spawn(system, Total(0));
    for &number in numbers {
        sum.add(number)?;
    }
    sum.get().wait().map_err(Into::into)
}

/// What the actors above are used by.
///
/// # Errors
///
/// If one of them ends before its time.
#[inline]
pub fn uses(system: &System) -> zctor::Result<i64> {
    let account = Account::builder(Balance::default())
        .name("main")
        .spawn(system)?;
    account.deposit(5, Some("me".to_owned()))?;
    account.tell(Account::Close)?;
    let desk: Window = Desk::spawn(system, Last::default());
    desk.call(1).wait()?;
    Ring::spawn(system, Last::default()).put(1)?;
    Stream::spawn(system, Last::default()).put(1)?;
    Sink::spawn(system, Last::default()).put(1)?;
    Heap::spawn(system, Last::default()).put(1)?;
    account.balance().wait().map_err(Into::into)
}
