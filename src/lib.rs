//! Actors as enums.
//!
//! An actor owns a state that nobody else can touch, and handles one message
//! at a time. With zctor its messages are the variants of an enum:
//!
//! ```
//! use zctor::prelude::*;
//!
//! /// A running total.
//! #[actor]
//! pub enum Counter {
//!     /// Adds `by` to the total.
//!     Add { by: i64 },
//!     /// The total so far.
//!     #[reply(i64)]
//!     Get,
//! }
//!
//! struct Tally(i64);
//!
//! #[handlers]
//! impl CounterActor for Tally {
//!     fn add(&mut self, by: i64) { self.0 += by }
//!     fn get(&self) -> i64 { self.0 }
//! }
//!
//! fn main() -> zctor::Result<()> {
//!     let system = System::new()?;
//!     let counter = Counter::spawn(&system, Tally(0));
//!     counter.add(5)?;
//!     assert_eq!(counter.get().wait()?, 5);
//!     system.shutdown().wait()
//! }
//! ```
//!
//! # The parts
//!
//! [`#[actor]`](macro@actor) makes from the enum `Counter`, the *protocol*:
//!
//! - the trait `CounterActor` with a method for each variant, which a *state*
//!   implements. What is missing, misspelt or mistyped there is an error at
//!   your own impl;
//! - the struct `CounterHandle`, which is what is passed around: cheap to
//!   clone, with a method for each variant. It dereferences to
//!   [`Handle<Counter>`](Handle) for what all handles can do;
//! - the enum `CounterKind`, the variants without their fields.
//!
//! One state can serve several protocols, and one protocol several states:
//! that is how a test double is made.
//!
//! # Tells and asks
//!
//! A variant without `#[reply]` is a *tell*: its method queues the message and
//! returns. One with `#[reply(T)]` is an [`Ask`]: lazy, a future that any
//! executor can await, and that a plain thread waits for with `.wait()`.
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[derive(Debug)]
//! struct OutOfStock;
//!
//! #[actor(timeout = "2s")]
//! enum Shop {
//!     Deliver { boxes: u32 },
//!     #[reply(u32)]
//!     Stock,
//!     #[reply(u32, error = OutOfStock)]
//!     Buy { boxes: u32 },
//! }
//!
//! struct Shelf(u32);
//!
//! #[handlers]
//! impl ShopActor for Shelf {
//!     fn deliver(&mut self, boxes: u32) { self.0 += boxes }
//!     fn stock(&self) -> u32 { self.0 }
//!     fn buy(&mut self, boxes: u32) -> Result<u32, OutOfStock> {
//!         self.0 = self.0.checked_sub(boxes).ok_or(OutOfStock)?;
//!         Ok(self.0)
//!     }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let shop = Shop::spawn(&system, Shelf(3));
//! shop.deliver(2)?;
//! assert_eq!(shop.buy(4).wait()?, 1);
//! assert!(matches!(shop.buy(4).wait(), Err(AskError::Failed(OutOfStock))));
//! # system.shutdown().wait() }
//! ```
//!
//! With `#[reply(T, deferred)]` the handler gets a [`Reply`] to answer later,
//! from its state, another actor or a thread.
//!
//! Errors are distinct types with the names of the actor and the message in
//! them: [`TellError`] gives the message back, [`AskError`] tells a timeout
//! from a crash from a stopped actor. All of them convert into [`Failure`], so
//! `?` works everywhere.
//!
//! # Handlers
//!
//! A handler is a `fn` or an `async fn`, takes `&self` or `&mut self`, and has
//! the fields of its message as parameters. It may take the [`Context`] as its
//! last parameter, for timers, its own handle, or to stop. While an async
//! handler awaits, its actor handles nothing else, and other actors go on.
//!
//! A handler may return a `Result` with any error: an `Err` crashes the actor
//! with that reason, as a panic does, and an ask gets
//! [`AskError::Crashed`]. (Where the reply is a result itself, that is the
//! inner one: `Result<Result<T, E>, Failure>` answers with `E` and crashes
//! with the failure.) The hooks [`on_start` and `on_stop`](macro@actor)
//! stand in the same impl.
//!
//! ```
//! use std::time::Duration;
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Poller {
//!     #[internal]
//!     Poll,
//!     #[reply(u32)]
//!     Polls,
//! }
//!
//! struct Site { polls: u32 }
//!
//! #[handlers]
//! impl PollerActor for Site {
//!     fn on_start(&mut self, ctx: &mut Context<Poller>) {
//!         ctx.send_every(Duration::from_millis(1), || Poller::Poll);
//!     }
//!     async fn poll(&mut self) -> Result<(), std::io::Error> {
//!         self.polls += 1;
//!         Ok(())
//!     }
//!     fn polls(&self) -> u32 { self.polls }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let poller = Poller::spawn(&system, Site { polls: 0 });
//! while poller.polls().wait()? < 3 {}
//! # system.shutdown().wait() }
//! ```
//!
//! # Mailboxes
//!
//! A mailbox is unbounded unless the enum says otherwise. A bounded one says
//! what a sender meets when it is full; with `wait`, the default, tell methods
//! return a lazy [`Tell`]:
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor(mailbox = 2, overflow = wait)]
//! enum Printer { Print(String) }
//! struct Ink;
//! #[handlers]
//! impl PrinterActor for Ink { fn print(&mut self, _value: String) {} }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let printer = Printer::spawn(&system, Ink);
//! for page in 0..100 {
//!     // Back-pressure: no more than two pages are ever queued.
//!     printer.print(format!("page {page}")).wait()?;
//! }
//! # system.shutdown().wait() }
//! ```
//!
//! With `mailbox = lock_free(1024)` its queue has no lock, which saves a part of
//! what a message costs where there is a capacity, and where there is none
//! rarely pays: [`#[actor]`](macro@actor) says when to choose which. The queues
//! are there for use beside actors as well, in [`queue`].
//!
//! # Batches
//!
//! Messages with `#[batch]` are handled many at a time, for what costs as much
//! for a hundred as for one. Order with other messages is kept:
//!
//! ```
//! use zctor::prelude::*;
//! use zctor::Batch;
//!
//! #[actor]
//! enum Ledger {
//!     #[batch(max = 500, within = "20ms")]
//!     Book { account: u32, amount: i64 },
//!     #[reply(i64)]
//!     Sum,
//! }
//!
//! #[derive(Default)]
//! struct Pages { sum: i64, commits: u32 }
//!
//! #[handlers]
//! impl LedgerActor for Pages {
//!     fn book(&mut self, batch: Batch<(u32, i64)>) {
//!         self.sum += batch.map(|(_account, amount)| amount).sum::<i64>();
//!         self.commits += 1; // One write to the disk for all of them.
//!     }
//!     fn sum(&self) -> i64 { self.sum }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let ledger = Ledger::spawn(&system, Pages::default());
//! for amount in 1..=100 {
//!     ledger.book(7, amount)?;
//! }
//! assert_eq!(ledger.sum().wait()?, 5050);
//! # system.shutdown().wait() }
//! ```
//!
//! # Limits and circuit breakers
//!
//! What stands before a mailbox is said at the message: a rate limit, and of
//! an ask a circuit breaker, which turns callers away while it keeps failing.
//! Both are there for other uses as well ([`CircuitBreaker`],
//! [`RateLimiter`]). `#[every]` is a message that the actor sends to itself.
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Mailer {
//!     #[limit(100, per = "1s", overflow = wait)]
//!     Queue(String),
//!     #[every("5ms")]
//!     #[internal]
//!     Send,
//!     #[reply(u32, error = std::io::Error)]
//!     #[breaker(failures = 3, recovery = "30s")]
//!     Connect,
//! }
//!
//! #[derive(Default)]
//! struct Outbox { waiting: Vec<String> }
//!
//! #[handlers]
//! impl MailerActor for Outbox {
//!     fn queue(&mut self, value: String) { self.waiting.push(value) }
//!     fn send(&mut self, ctx: &mut Context<Mailer>) {
//!         if !self.waiting.is_empty() { ctx.stop() }
//!     }
//!     fn connect(&self) -> Result<u32, std::io::Error> {
//!         Err(std::io::ErrorKind::ConnectionRefused.into())
//!     }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let mailer = Mailer::spawn(&system, Outbox::default());
//! for _ in 0..3 {
//!     assert!(matches!(mailer.connect().wait(), Err(AskError::Failed(_))));
//! }
//! assert!(mailer.connect().wait().unwrap_err().is_circuit_open());
//! mailer.queue("a letter".to_owned()).wait()?;
//! mailer.stopped().wait()?;
//! # system.shutdown().wait() }
//! ```
//!
//! # Sagas and state machines
//!
//! A workflow over several actors is an actor of its own. Its steps are asks
//! with time limits; those that may be repeated are `#[idempotent]`, and tried
//! again by a [`Retry`]. What was done before a step that fails is undone, the
//! latest first: a saga (Garcia-Molina and Salem, 1987). What it waits for in
//! between is its state, and a timer by name is the time limit of that state:
//!
//! ```
//! use std::time::Duration;
//! use zctor::Retry;
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Stock {
//!     /// By the number of the order: a second time it changes nothing.
//!     #[idempotent]
//!     #[reply(())]
//!     Reserve { order: u32 },
//!     Release { order: u32 },
//! }
//!
//! #[actor]
//! enum Bank {
//!     #[idempotent]
//!     #[reply((), error = Failure)]
//!     #[breaker(failures = 3)]
//!     Charge { order: u32 },
//! }
//!
//! #[actor(timeout = "5s")]
//! enum Order {
//!     Begin,
//!     Confirm,
//!     #[internal]
//!     TooLate,
//!     #[reply(&'static str)]
//!     State,
//! }
//!
//! enum Step { Empty, Reserved, Paid, Cancelled }
//!
//! struct Checkout { number: u32, step: Step, stock: StockHandle, bank: BankHandle }
//!
//! impl Checkout {
//!     /// Undoes what was done by now.
//!     fn cancel(&mut self) -> Result<(), TellError<Stock>> {
//!         if let Step::Reserved = self.step {
//!             self.stock.release(self.number)?;
//!         }
//!         self.step = Step::Cancelled;
//!         Ok(())
//!     }
//! }
//!
//! #[handlers]
//! impl OrderActor for Checkout {
//!     async fn begin(&mut self, ctx: &mut Context<Order>) -> Result<(), AskError> {
//!         self.stock.reserve(self.number).retry(Retry::times(3)).await?;
//!         self.step = Step::Reserved;
//!         // The customer has this long.
//!         ctx.timer("confirm").after(Duration::from_millis(20), Order::TooLate);
//!         Ok(())
//!     }
//!     async fn confirm(&mut self, ctx: &mut Context<Order>) -> Result<(), Failure> {
//!         let Step::Reserved = self.step else { return Ok(()) };
//!         ctx.timer("confirm").cancel();
//!         match self.bank.charge(self.number).retry(Retry::times(3)).await {
//!             Ok(()) => self.step = Step::Paid,
//!             Err(_) => self.cancel()?,
//!         }
//!         Ok(())
//!     }
//!     fn too_late(&mut self) -> Result<(), TellError<Stock>> {
//!         self.cancel()
//!     }
//!     fn state(&self) -> &'static str {
//!         match self.step {
//!             Step::Empty => "empty",
//!             Step::Reserved => "reserved",
//!             Step::Paid => "paid",
//!             Step::Cancelled => "cancelled",
//!         }
//!     }
//! }
//!
//! # #[derive(Default)] struct Shelf(std::collections::BTreeSet<u32>);
//! # #[handlers] impl StockActor for Shelf {
//! #     fn reserve(&mut self, order: u32) { self.0.insert(order); }
//! #     fn release(&mut self, order: u32) { self.0.remove(&order); }
//! # }
//! # struct Till;
//! # #[handlers] impl BankActor for Till {
//! #     fn charge(&mut self, order: u32) -> Result<(), Failure> {
//! #         if order == 2 { Err(Failure::msg("no money")) } else { Ok(()) }
//! #     }
//! # }
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let (stock, bank) = (Stock::spawn(&system, Shelf::default()), Bank::spawn(&system, Till));
//! let order = |number| {
//!     let (stock, bank) = (stock.clone(), bank.clone());
//!     Order::spawn(&system, Checkout { number, step: Step::Empty, stock, bank })
//! };
//!
//! let paid = order(1);
//! paid.begin()?;
//! paid.confirm()?;
//! assert_eq!(paid.state().wait()?, "paid");
//!
//! let refused = order(2);
//! refused.begin()?;
//! refused.confirm()?;
//! assert_eq!(refused.state().wait()?, "cancelled");
//!
//! let forgotten = order(3);
//! forgotten.begin()?;
//! assert_eq!(forgotten.state().wait()?, "reserved");
//! while forgotten.state().wait()? != "cancelled" {}
//! # system.shutdown().wait() }
//! ```
//!
//! # Life and death
//!
//! An actor lives as long as a handle, a name or
//! [`detach`](Handle::detach) holds it; then it handles its mail and stops.
//! [`stop`](Handle::stop) does the same at once, [`kill`](Handle::kill) does
//! not wait for the mail. [`stopped`](Handle::stopped) waits for the end and
//! tells the [`ExitReason`].
//!
//! [`System::shutdown`] stops all actors, within a limit, and names those that
//! held it up.
//!
//! An actor can watch others: [`monitor`](Context::monitor) brings one message
//! with the [`Exit`] when they end, after everything that they had sent.
//! [`link`](Context::link) ends both when one fails,
//! [`spawn_child`](Context::spawn_child) makes an actor that ends with this one.
//!
//! ```
//! use zctor::prelude::*;
//! use zctor::Exit;
//!
//! #[actor] enum Guest { Leave }
//! struct Visitor;
//! #[handlers] impl GuestActor for Visitor {
//!     fn leave(&mut self, ctx: &mut Context<Guest>) { ctx.stop() }
//! }
//!
//! #[actor]
//! enum Room {
//!     Enter(GuestHandle),
//!     #[internal] Gone(Exit),
//!     #[reply(usize)] Guests,
//! }
//! #[derive(Default)] struct Hall { guests: Vec<GuestHandle> }
//! #[handlers]
//! impl RoomActor for Hall {
//!     fn enter(&mut self, value: GuestHandle, ctx: &mut Context<Room>) {
//!         ctx.monitor(&value, Room::Gone);
//!         self.guests.push(value);
//!     }
//!     fn gone(&mut self, value: Exit) {
//!         self.guests.retain(|guest| guest.id() != value.id());
//!     }
//!     fn guests(&self) -> usize { self.guests.len() }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let room = Room::spawn(&system, Hall::default());
//! let guest = Guest::spawn(&system, Visitor);
//! room.enter(guest.clone())?;
//! assert_eq!(room.guests().wait()?, 1);
//! guest.leave()?;
//! while room.guests().wait()? > 0 {}
//! # system.shutdown().wait() }
//! ```
//!
//! # Supervision
//!
//! [`#[supervisor]`](macro@supervisor) declares an actor that has children: it
//! starts them in order, restarts them when they end, and stops them in
//! reverse. What it does is what Erlang/OTP's `supervisor` does. Each
//! `#[child]` is a variant with the enum of an actor, or of another supervisor;
//! the state implements a factory for each. A restarted actor has a new state,
//! and the same handles and mail:
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Counter { Add(u32), Crash, #[reply(u32)] Get }
//! struct Tally(u32);
//! #[handlers]
//! impl CounterActor for Tally {
//!     fn add(&mut self, value: u32) { self.0 += value }
//!     fn crash(&mut self) -> Result<(), Failure> { Err(Failure::msg("dropped it")) }
//!     fn get(&self) -> u32 { self.0 }
//! }
//!
//! #[supervisor(strategy = one_for_one, max_restarts = 3, within = "60s")]
//! enum Bank {
//!     #[child(restart = permanent, shutdown = "5s")]
//!     Main(Counter),
//!     #[child(count = 2)]
//!     Branch(Counter),
//! }
//! struct Capital(u32);
//! impl BankChildren for Capital {
//!     fn main(&mut self, _: &BankHandle) -> Child<Counter> { Counter::child(Tally(self.0)) }
//!     fn branch(&mut self, _: &BankHandle, index: usize) -> Child<Counter> {
//!         Counter::child(Tally(index as u32))
//!     }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let bank = Bank::start(&system, Capital(100)).wait()?;
//! let main = bank.main();
//! main.add(1)?;
//! main.crash()?;
//! main.add(5)?;
//! assert_eq!(main.get().wait()?, 105);
//! assert_eq!(bank.branch(1).get().wait()?, 1);
//! # system.shutdown().wait() }
//! ```
//!
//! # Many of one kind
//!
//! [`Counter::pool`](SpawnPool::pool) makes many actors of one protocol with one
//! handle, an [`ActorPool`]. Each message goes to the next of them, the least
//! loaded, any, the one that its key belongs to, or all; the pool restarts those
//! that crash, and grows and shrinks while it runs:
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor]
//! #[derive(Clone)]
//! enum Teller { Open, #[reply(u32)] Serve(u32) }
//! struct Desk { index: usize, open: bool }
//! #[handlers]
//! impl TellerActor for Desk {
//!     fn open(&mut self) { self.open = true }
//!     fn serve(&mut self, value: u32) -> u32 { value + self.index as u32 }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let tellers = Teller::pool(&system, 4, |index| Desk { index, open: false });
//! assert!(tellers.broadcast(Teller::Open).is_complete());
//! assert_eq!(tellers.next().serve(10).wait()?, 10);
//! assert_eq!(tellers.next().serve(10).wait()?, 11);
//! tellers.by_key("ann").serve(1).wait()?; // the same one for all that is Ann's
//! tellers.resize(6).wait()?;
//! assert_eq!(tellers.len(), 6);
//! # system.shutdown().wait() }
//! ```
//!
//! Where it does not matter at all who gets a message, its type is address
//! enough: [`system.send(Teller::Open)`](System::send) goes to one actor of that
//! protocol, [`system.broadcast(Teller::Open)`](System::broadcast) to all.
//!
//! # What comes besides messages
//!
//! Timers ([`send_after`](Context::send_after), [`timer`](Context::timer) by
//! name), work beside the mailbox ([`pipe`](Context::pipe)) and streams
//! ([`attach`](Context::attach)) come back as messages of the actor's own enum.
//! They take no place in the mailbox, and what was cancelled never arrives.
//! [`Handle::recipient`] is how one actor subscribes to another's events
//! without knowing its enum.
//!
//! # Payloads that are used again
//!
//! A message is moved, never copied, but what it owns was allocated by somebody.
//! Large buffers can come from a [`Pool`]: a [`Pooled`] in a message goes back
//! there when the handler, or whoever has it last, drops it.
//!
//! # Topics
//!
//! A [`Topic`] carries values to all who have subscribed, each of which makes a
//! message of its own enum of them. To publish never waits: what a slow
//! subscriber has no room for is dropped for it, or it is unsubscribed.
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor] enum Session { Push(String), #[reply(Vec<String>)] Seen }
//! #[derive(Default)] struct Screen(Vec<String>);
//! #[handlers]
//! impl SessionActor for Screen {
//!     fn push(&mut self, value: String) { self.0.push(value) }
//!     fn seen(&self) -> Vec<String> { self.0.clone() }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let session = Session::spawn(&system, Screen::default());
//! let news = system.topic::<String>("news")?;
//! let _subscription = news.subscribe(session.recipient(Session::Push));
//! assert_eq!(news.publish("rain".to_owned()).delivered(), 1);
//! assert_eq!(session.seen().wait()?, ["rain"]);
//! # system.shutdown().wait() }
//! ```
//! # Memory for the time of a message
//!
//! With the feature `arena`, `ctx.arena()` gives a handler a bump allocator whose
//! memory is used again for each message: all the small strings and vectors that
//! it takes to answer a request cost no allocation. Nothing that is allocated in
//! it can outlive the message, which the compiler sees to. An `Arena` that the
//! caller owns does the same for a request that goes through several actors. The
//! module `zctor::arena` has the guide.
//!
//! # Which message is next
//!
//! Mail is handled in order. `#[priority(high)]` is a lane before it. A state
//! that cannot handle everything at any time says so in the hook `ready`; what
//! is not ready stays queued, and is offered again after each message:
//!
//! ```
//! use zctor::prelude::*;
//!
//! #[actor]
//! enum Store { Put(u32), #[reply(u32)] Take }
//! #[derive(Default)] struct Shelf(Vec<u32>);
//! #[handlers]
//! impl StoreActor for Shelf {
//!     fn ready(&self, next: StoreKind) -> bool {
//!         next != StoreKind::Take || !self.0.is_empty()
//!     }
//!     fn put(&mut self, value: u32) { self.0.push(value) }
//!     fn take(&mut self) -> u32 { self.0.remove(0) }
//! }
//!
//! # fn main() -> zctor::Result<()> {
//! let system = System::new()?;
//! let store = Store::spawn(&system, Shelf::default());
//! let taken = store.take().send(); // waits until there is something
//! store.put(7)?;
//! assert_eq!(taken.wait()?, 7);
//! # system.shutdown().wait() }
//! ```
//!
//! # Work that blocks, and tokio
//!
//! Workers are few and must not be blocked. What blocks goes to an actor with
//! `#[actor(thread = dedicated)]`, or to [`System::spawn_blocking`]. With the
//! feature `tokio`, `System::builder().tokio()` runs handlers inside a tokio
//! context, so that they can use its sockets and timers.
//!
//! # Watching
//!
//! [`System::events`] is the log of everything that happens to actors,
//! [`System::actors`] a table of those alive, and [`Handle::stats`] what became
//! of an actor's messages.
//!
#![cfg_attr(feature = "test", doc = include_str!("testing.md"))]
#![cfg_attr(
    not(feature = "test"),
    doc = "# Testing\n\nWith the feature `test` there is a test kit, and a simulation of whole systems: see its documentation."
)]
//!
//! # When it does not compile
//!
//! [Common mistakes](common_mistakes) are on a page of their own, with what the
//! compiler says to each.
//!
//! # In an editor
//!
//! With rust-analyzer, go to the definition of `counter.add(…)`, of `CounterHandle` or of `ShopChild`, and
//! you are at the variant, or the enum. From a handler the declaration leads there, as from the methods of
//! any trait's impl. Options, their values and the attributes of variants are completed, and say what they
//! mean when pointed at; after `fn` in an impl with `#[handlers]` the handlers that are missing are completed.
//! To rename a message, rename its variant: the handler and the calls have names of their own, and are errors
//! until they follow.
//!
//! # Panics
//!
//! A panic in a handler ends that actor only. It is caught by unwinding, so
//! with `panic = "abort"` in your profile it ends the process, as it does
//! anywhere else.

#![forbid(unsafe_code)]
#![warn(missing_docs, missing_debug_implementations, unreachable_pub)]

pub use zctor_macros::{actor, handlers, supervisor};
pub use zctor_runtime::{
    Acquire, ActorBuilder, ActorId, ActorInfo, ActorLabel, ActorPool, ActorPoolBuilder, Actors,
    Administer, Ask, AskError, AutoShutdown, Backoff, Batch, BatchPlan, Blocking, BlockingError,
    BreakerMetrics, BreakerSettings, Broadcast, Child, ChildCounts, ChildError, ChildInfo,
    ChildName, ChildState, CircuitBreaker, CircuitChange, CircuitOpen, CircuitState, Context,
    Crash, DropReason, Event, EventKind, Events, Exit, ExitKind, ExitReason, Failure, FlushError,
    GuardedCall, GuardedError, Handle, HandleOf, HandledBy, HandlerError, IdempotentAsk,
    InvalidBatch, InvalidBreaker, InvalidRate, Kind, Limited, Mailbox, MonitorKey, NamedTimer,
    NextEvent, Node, NotSent, NotSpawned, OrDrop, Output, Overflow, Patience, PipeKey, Place, Pool,
    PoolBuilder, PoolError, PoolOf, PoolStats, Pooled, Protocol, Published, Rate, RateLimiter,
    Recipient, RecipientError, Reply, Reserve, Resize, ResizeError, Restart, Result, Retry,
    Retrying, Seat, SendError, Sent, Shutdown, ShutdownError, ShutdownReason, Sleep, Slow, Spawn,
    SpawnError, SpawnPool, StartChild, StartError, Started, Starting, Stats, Stopped, Strategy,
    Stream, Style, Subscription, Supervisor, System, SystemBuilder, Tell, TellError, Thread,
    TimerKey, TimerName, Topic, TopicError, Tree, Undelivered, Variant, WaitCycle, WaitInHandler,
    WeakHandle, WeakRecipient, doubles, queue, wait,
};

#[cfg(feature = "proptest")]
pub use zctor_runtime::proptest;
#[cfg(feature = "arena")]
pub use zctor_runtime::{arena, bumpalo};
#[cfg(feature = "test")]
pub use zctor_runtime::{sim, test_kit as test};

/// What generated code names.
#[doc(hidden)]
pub mod __private {
    #[doc(no_inline)]
    pub use zctor_macros::__documented as documented;
    #[doc(no_inline)]
    pub use zctor_runtime::private::*;
}

/// What nearly every program that uses zctor imports.
///
/// ```
/// use zctor::prelude::*;
/// ```
pub mod prelude {
    pub use zctor_macros::{actor, handlers, supervisor};
    pub use zctor_runtime::{
        AskError, Child, Context, Failure, Handle, Kind as _, OrDrop as _, Protocol, Reply,
        Reserve as _, Spawn as _, SpawnPool as _, Supervisor as _, System, TellError,
    };
}

/// For enums in a module with `#![no_implicit_prelude]`, or below one.
///
/// The compiler knows no attributes of tools there, so it does not know
/// `#[diagnostic::…]` either, by which generated traits say in words of their
/// own what a state lacks. One line names what leaves these words out:
///
/// ```
/// #![no_implicit_prelude]
/// use ::zctor::{actor, handlers, without_prelude::diagnostic};
///
/// #[actor]
/// enum Counter {
///     Add(i64),
/// }
///
/// struct Tally(i64);
///
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) {
///         self.0 += by;
///     }
/// }
/// # fn main() {}
/// ```
///
/// The same helps where something else is called `diagnostic`, which the
/// compiler then takes the attribute to be in. The line goes before a crate of
/// that name. A module of yours takes it in:
///
/// ```
/// mod diagnostic {
///     pub use zctor::without_prelude::diagnostic::*;
/// }
/// # fn main() {}
/// ```
pub mod without_prelude {
    /// See [the module](super::without_prelude).
    pub mod diagnostic {
        pub use zctor_macros::on_unimplemented;
    }
}

#[cfg(any(doc, doctest))]
#[doc = include_str!("mistakes.md")]
pub mod common_mistakes {}

/// The programs in README.md are tested like these.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What the macros make is for users of every edition.
#[cfg(doctest)]
#[doc = include_str!("../ui-tests/editions.md")]
struct Editions;
