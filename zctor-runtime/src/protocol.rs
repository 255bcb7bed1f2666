//! What a message enum says about itself: the traits that `#[actor]`
//! implements, and the tables in them.

use std::fmt::Debug;
use std::hash::{Hash, Hasher};
use std::time::Duration;

use crate::any_port::{Discarded, PortMaker, PortTaker};
use crate::batch::gathered::Gathered;
use crate::batch::plan::BatchPlan;
use crate::breaker::settings::BreakerSettings;
pub use crate::fault::Fault;
use crate::limit::rate::Rate;
use crate::mail_queue::{LockFreeQueue, LockedQueue, MailQueue};
use crate::supervision::spec::Supervision;
use crate::supervision::stop_time::StopTime;

/// A message enum, as `#[actor]` describes it. Not implemented by hand.
///
/// Generic code can be written over any protocol:
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Lamp { On, Off }
///
/// fn messages<P: Protocol>() -> Vec<&'static str> {
///     P::VARIANTS.iter().map(|variant| variant.name()).collect()
/// }
/// assert_eq!(messages::<Lamp>(), ["On", "Off"]);
/// assert_eq!(Lamp::NAME, "Lamp");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an actor",
    label = "not an enum with `#[actor]`",
    note = "an actor is known by the enum of its messages, not by its state or its handle: `Counter::spawn(&system, state)`, `Context<Counter>`, `Child<Counter>`",
    note = "such an enum has the attribute: `#[actor] enum Counter {{ … }}`"
)]
pub trait Protocol: Sized + Send + 'static {
    /// The name of the enum.
    const NAME: &'static str;
    /// One row for each variant.
    const VARIANTS: &'static [Variant];
    /// The mailbox that `#[actor(…)]` asks for.
    const MAILBOX: Mailbox;
    /// The threads that `#[actor(…)]` asks for.
    const THREAD: Thread = Thread::Shared;
    /// What it sends to itself by the clock.
    #[doc(hidden)]
    const EVERY: &'static [Every<Self>] = &[];
    /// What it supervises.
    #[doc(hidden)]
    const SUPERVISES: Option<&'static Supervision> = None;
    /// How long its children may take to stop.
    #[doc(hidden)]
    const STOP_TIME: StopTime = StopTime::NONE;
    /// What sits in the mailbox: the payloads, with reply ports.
    #[doc(hidden)]
    type Envelope: Send + 'static;
    /// What the mailbox keeps them in.
    #[doc(hidden)]
    type Queue: QueueKind;
    /// The batches that handlers get; `NoBatch` if there are none.
    #[doc(hidden)]
    type Batch: Send + 'static;
    /// The keys of messages with `#[latest]`; `NoLatest` if there are none.
    #[doc(hidden)]
    type Latest: Eq + Hash + Send + 'static;
    /// The variants without their fields.
    type Kind: Kind;
    /// The typed handle.
    type Handle: Clone + Send + Sync + 'static;

    /// The message with a reply port of the caller's, if it is an ask.
    #[doc(hidden)]
    fn seal_with<M: PortMaker>(self, ports: &mut M) -> Self::Envelope;
    /// The message alone; its reply port, if it has one, is the caller's.
    #[doc(hidden)]
    fn open_with<T: PortTaker>(envelope: Self::Envelope, ports: &mut T) -> Self;
    /// The message with a port behind which nobody waits.
    #[doc(hidden)]
    #[inline]
    fn seal(self) -> Self::Envelope {
        self.seal_with(&mut Discarded)
    }
    /// The message alone: its port is dropped.
    #[doc(hidden)]
    #[inline]
    fn open(envelope: Self::Envelope) -> Self {
        Self::open_with(envelope, &mut Discarded)
    }
    #[doc(hidden)]
    fn kind(envelope: &Self::Envelope) -> Self::Kind;
    #[doc(hidden)]
    fn refuse(envelope: Self::Envelope, fault: Fault);
    /// The key of a message with `#[latest]`.
    #[doc(hidden)]
    fn latest(_envelope: &Self::Envelope) -> Option<Self::Latest> {
        None
    }
    /// A batch of messages that are all of this kind.
    #[doc(hidden)]
    fn gather(
        _kind: Self::Kind,
        _messages: &mut Gathered<'_, Self::Envelope>,
    ) -> Option<Self::Batch> {
        None
    }
}

/// The typed handle of a protocol: `HandleOf<Counter>` is `CounterHandle`.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::{HandleOf, Spawn};
///
/// #[actor]
/// enum Lamp { On }
/// struct Bulb;
/// #[handlers]
/// impl LampActor for Bulb { fn on(&mut self) {} }
///
/// /// Keeps one handle of each.
/// struct Two<P: Spawn>(HandleOf<P>, HandleOf<P>);
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let two = Two::<Lamp>(Lamp::spawn(&system, Bulb), Lamp::spawn(&system, Bulb));
/// two.0.on()?;
/// # two.1.on()?;
/// # system.shutdown().wait() }
/// ```
pub type HandleOf<P> = <P as Protocol>::Handle;

/// The variants of a protocol without their fields, such as `CounterKind`:
/// for hooks, metrics and errors.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Lamp { On, Dim(u8) }
///
/// assert_eq!(LampKind::Dim.name(), "Dim");
/// assert_eq!(LampKind::Dim.index(), 1);
/// ```
///
/// The hook `ready` gets one, to say whether messages of that kind are to wait.
/// It is asked again after each handled message, once for each kind:
///
/// ```
/// use zctor::prelude::*;
///
/// /// A shelf with room for one.
/// #[actor]
/// enum Shelf {
///     #[reply(())]
///     Put(String),
///     #[reply(String)]
///     Take,
/// }
/// #[derive(Default)]
/// struct Board(Option<String>);
///
/// #[handlers]
/// impl ShelfActor for Board {
///     fn ready(&self, next: ShelfKind) -> bool {
///         match next {
///             ShelfKind::Put => self.0.is_none(),
///             ShelfKind::Take => self.0.is_some(),
///         }
///     }
///     fn put(&mut self, value: String) { self.0 = Some(value) }
///     fn take(&mut self) -> String { self.0.take().expect("it is ready") }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let shelf = Shelf::spawn(&system, Board::default());
/// let early = shelf.take().send();
/// shelf.put("a jar".to_owned()).wait()?;
/// assert_eq!(early.wait()?, "a jar");
/// # system.shutdown().wait() }
/// ```
pub trait Kind: Copy + Eq + Hash + Debug + Send + Sync + 'static {
    /// The variant's name.
    fn name(self) -> &'static str;
    /// Its place among the variants, from 0.
    fn index(self) -> usize;
}

/// A row in the table of a protocol's variants.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Bank {
///     Transfer { from: u32, to: u32 },
///     #[reply(i64)]
///     Balance(u32),
/// }
/// let [transfer, balance] = Bank::VARIANTS else { unreachable!() };
/// assert_eq!(transfer.method(), "transfer");
/// assert_eq!(transfer.fields(), ["from", "to"]);
/// assert!(!transfer.is_ask() && balance.is_ask());
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Variant {
    name: &'static str,
    method: &'static str,
    fields: &'static [&'static str],
    style: Style,
    ask: bool,
    deferred: bool,
    high: bool,
    breaker: Option<BreakerSettings>,
    limit: Option<Rate>,
    batch: Option<BatchPlan>,
    latest: bool,
    idempotent: bool,
}

/// How a variant's fields are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// No fields: `Get`.
    Unit,
    /// Fields by place: `Add(i64)`.
    Tuple,
    /// Fields by name: `Add { by: i64 }`.
    Struct,
}

impl Variant {
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        name: &'static str,
        method: &'static str,
        fields: &'static [&'static str],
        style: Style,
        ask: bool,
    ) -> Variant {
        Variant {
            name,
            method,
            fields,
            style,
            ask,
            deferred: false,
            high: false,
            breaker: None,
            limit: None,
            batch: None,
            latest: false,
            idempotent: false,
        }
    }

    /// The same with `deferred`.
    #[doc(hidden)]
    #[must_use]
    pub const fn deferred(self) -> Variant {
        Variant {
            deferred: true,
            ..self
        }
    }

    /// The same with `#[priority(high)]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn high(self) -> Variant {
        Variant { high: true, ..self }
    }

    /// The same with `#[breaker]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn guarded(self, settings: BreakerSettings) -> Variant {
        let breaker = Some(settings);
        Variant { breaker, ..self }
    }

    /// The same with `#[limit]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn limited(self, rate: Rate) -> Variant {
        let limit = Some(rate);
        Variant { limit, ..self }
    }

    /// The same with `#[latest]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn latest(self) -> Variant {
        Variant {
            latest: true,
            ..self
        }
    }

    /// The same with `#[idempotent]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn idempotent(self) -> Variant {
        Variant {
            idempotent: true,
            ..self
        }
    }

    /// The same with `#[batch]`.
    #[doc(hidden)]
    #[must_use]
    pub const fn batched(self, plan: BatchPlan) -> Variant {
        let batch = Some(plan);
        Variant { batch, ..self }
    }

    /// The variant's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The name of its handler, and of the handle's method.
    #[must_use]
    pub const fn method(&self) -> &'static str {
        self.method
    }

    /// The names of its fields; those of a tuple variant are numbers.
    #[must_use]
    pub const fn fields(&self) -> &'static [&'static str] {
        self.fields
    }

    /// How its fields are written.
    #[must_use]
    pub const fn style(&self) -> Style {
        self.style
    }

    /// Whether it has a reply.
    #[must_use]
    pub const fn is_ask(&self) -> bool {
        self.ask
    }

    /// Whether its handler gets the `Reply`, and is not what answers.
    pub(crate) const fn is_deferred(&self) -> bool {
        self.deferred
    }

    /// Whether it has `#[priority(high)]`: its messages are served before
    /// ordinary ones, outside the mailbox's capacity and policy. While such
    /// messages keep coming, ordinary ones wait.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Press {
    ///     Print(String),
    ///     #[priority(high)]
    ///     Cancel,
    /// }
    /// let [print, cancel] = Press::VARIANTS else { unreachable!() };
    /// assert!(!print.is_high() && cancel.is_high());
    /// ```
    #[must_use]
    pub const fn is_high(&self) -> bool {
        self.high
    }
}

impl Variant {
    /// The settings of its `#[breaker]`.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Oracle {
    ///     #[reply(u32)]
    ///     #[breaker(failures = 3)]
    ///     Answer,
    /// }
    /// let settings = zctor::BreakerSettings::new().failures(3);
    /// assert_eq!(Oracle::VARIANTS[0].breaker(), Some(settings));
    /// ```
    #[must_use]
    pub const fn breaker(&self) -> Option<BreakerSettings> {
        self.breaker
    }

    /// The rate of its `#[limit]`.
    ///
    /// ```
    /// use std::time::Duration;
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Bell {
    ///     #[limit(2, per = "1s")]
    ///     Ring,
    /// }
    /// let rate = zctor::Rate::new(2, Duration::from_secs(1));
    /// assert_eq!(Bell::VARIANTS[0].limit(), Some(rate));
    /// ```
    #[must_use]
    pub const fn limit(&self) -> Option<Rate> {
        self.limit
    }

    /// Whether it has `#[latest]`: a newer message takes the place of an older
    /// one that is still queued.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Screen {
    ///     #[latest]
    ///     Cursor { x: u32, y: u32 },
    ///     Key(char),
    /// }
    /// let [cursor, key] = Screen::VARIANTS else { unreachable!() };
    /// assert!(cursor.is_latest() && !key.is_latest());
    /// ```
    #[must_use]
    pub const fn is_latest(&self) -> bool {
        self.latest
    }

    /// Whether it has `#[idempotent]`: it does no harm to handle it twice.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor]
    /// enum Lamp {
    ///     #[idempotent]
    ///     #[reply(())]
    ///     Set(u8),
    ///     #[reply(u8)]
    ///     Step,
    /// }
    /// let [set, step] = Lamp::VARIANTS else { unreachable!() };
    /// assert!(set.is_idempotent() && !step.is_idempotent());
    /// ```
    #[must_use]
    pub const fn is_idempotent(&self) -> bool {
        self.idempotent
    }

    /// The size and the age of its batches, as `#[batch]` declares them.
    #[must_use]
    pub const fn batch(&self) -> Option<BatchPlan> {
        self.batch
    }
}

/// Whether a message goes before ordinary ones: asked only of protocols that
/// have [any](any_high).
#[inline]
pub(crate) fn is_high<P: Protocol>(envelope: &P::Envelope) -> bool {
    P::VARIANTS
        .get(P::kind(envelope).index())
        .is_some_and(Variant::is_high)
}

/// A message and its kind, which only its envelope tells.
pub(crate) fn with_kind<P: Protocol>(message: P) -> (P, P::Kind) {
    let envelope = message.seal();
    let kind = P::kind(&envelope);
    (P::open(envelope), kind)
}

/// Whether a protocol has messages of high priority.
pub(crate) const fn any_high(variants: &[Variant]) -> bool {
    let mut row = 0;
    while row < variants.len() {
        if variants[row].high {
            return true;
        }
        row += 1;
    }
    false
}

/// Whether a protocol has batches.
pub(crate) const fn any_batch(variants: &[Variant]) -> bool {
    let mut row = 0;
    while row < variants.len() {
        if variants[row].batch().is_some() {
            return true;
        }
        row += 1;
    }
    false
}

/// A message with `#[every]`.
#[doc(hidden)]
#[derive(Debug)]
pub struct Every<P> {
    pub(crate) period: Duration,
    pub(crate) make: fn() -> P,
}

impl<P> Every<P> {
    #[must_use]
    pub const fn new(period: Duration, make: fn() -> P) -> Every<P> {
        Every { period, make }
    }
}

/// Whether a protocol has messages of which only the latest counts.
pub(crate) const fn any_latest(variants: &[Variant]) -> bool {
    let mut row = 0;
    while row < variants.len() {
        if variants[row].latest {
            return true;
        }
        row += 1;
    }
    false
}

/// The queue of a mailbox, by its kind: a type, so that it costs nothing that
/// there are two.
///
/// It is that of a protocol and not of its messages, or the compiler would say
/// once more of those that cannot be sent why they cannot.
#[doc(hidden)]
pub trait QueueKind: 'static {
    type Of<P: Protocol>: MailQueue<P::Envelope>;
}

/// The default.
#[doc(hidden)]
#[derive(Debug)]
pub enum Locked {}

/// What `mailbox = lock_free` asks for.
#[doc(hidden)]
#[derive(Debug)]
pub enum LockFree {}

impl QueueKind for Locked {
    type Of<P: Protocol> = LockedQueue<P::Envelope>;
}

impl QueueKind for LockFree {
    type Of<P: Protocol> = LockFreeQueue<P::Envelope>;
}

/// The queue in the mailbox of an actor.
pub(crate) type QueueOf<P> = <<P as Protocol>::Queue as QueueKind>::Of<P>;

/// The size of a mailbox, what happens when it is full, and the kind of its queue.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(mailbox = 64, overflow = reject)]
/// enum Lamp { On }
///
/// assert_eq!(Lamp::MAILBOX.capacity(), Some(64));
/// assert_eq!(Lamp::MAILBOX.overflow(), zctor::Overflow::Reject);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mailbox {
    capacity: Option<usize>,
    overflow: Overflow,
    lock_free: bool,
}

/// What happens to a message that finds the mailbox full.
///
/// An ask is never dropped in silence: under every policy but `Wait` its
/// caller gets [`AskError::Full`](crate::AskError::Full). Messages with
/// `#[priority(high)]` are subject to neither capacity nor policy, and what an
/// actor holds by its hook `ready` keeps its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Overflow {
    /// The sender waits for room.
    Wait,
    /// The sender gets the message back.
    Reject,
    /// The message is dropped, and counted.
    DropNewest,
    /// The message that has waited longest is dropped, and counted.
    DropOldest,
}

impl Mailbox {
    /// A mailbox without limit.
    #[doc(hidden)]
    #[must_use]
    pub const fn unbounded() -> Mailbox {
        Mailbox {
            capacity: None,
            overflow: Overflow::Reject,
            lock_free: false,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn bounded(capacity: usize, overflow: Overflow) -> Mailbox {
        assert!(
            capacity > 0,
            "a mailbox with a capacity of zero can take no message"
        );
        Mailbox {
            capacity: Some(capacity),
            overflow,
            lock_free: false,
        }
    }

    /// The same with a queue that has no lock.
    #[doc(hidden)]
    #[must_use]
    pub const fn lock_free(self) -> Mailbox {
        Mailbox {
            lock_free: true,
            ..self
        }
    }

    /// The same policy with another capacity.
    pub(crate) const fn resized(self, capacity: usize) -> Mailbox {
        assert!(
            capacity > 0,
            "a mailbox with a capacity of zero can take no message"
        );
        Mailbox {
            capacity: Some(capacity),
            ..self
        }
    }

    /// How many messages may wait; none: no limit.
    #[must_use]
    pub const fn capacity(&self) -> Option<usize> {
        self.capacity
    }

    /// Whether its queue has no lock, as `mailbox = lock_free` says.
    ///
    /// ```
    /// use zctor::prelude::*;
    ///
    /// #[actor(mailbox = lock_free)]
    /// enum Lamp { On }
    ///
    /// assert!(Lamp::MAILBOX.is_lock_free());
    /// assert_eq!(Lamp::MAILBOX.capacity(), None);
    /// ```
    #[must_use]
    pub const fn is_lock_free(&self) -> bool {
        self.lock_free
    }

    /// What happens to a message that finds the mailbox full.
    #[must_use]
    pub const fn overflow(&self) -> Overflow {
        self.overflow
    }
}

/// What an actor runs on.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(thread = dedicated)]
/// enum Disk { Write(Vec<u8>) }
///
/// assert_eq!(Disk::THREAD, zctor::Thread::Dedicated);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thread {
    /// The worker threads of its system, which all such actors share.
    Shared,
    /// A thread of its own, which its handlers may block: on a file, a lock,
    /// or with `.wait()`.
    Dedicated,
}

/// A type that can be a field of a message that may be repeated.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a field of a message with `#[idempotent]`",
    label = "this field must be `Clone`",
    note = "each further try sends the message again, so its fields are cloned",
    note = "derive `Clone`, or share it in an `Arc`"
)]
pub trait Again {
    #[doc(hidden)]
    #[must_use]
    fn once_more(&self) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Clone> Again for T {
    fn once_more(&self) -> T {
        self.clone()
    }
}

/// A type by which messages can be told apart.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be what `#[latest]` tells messages apart by",
    label = "this field must be `Clone + Eq + Hash`",
    note = "a message waits under a copy of that field, and a newer one is compared with it"
)]
pub trait LatestKey {
    #[doc(hidden)]
    #[must_use]
    fn copied(&self) -> Self;
    #[doc(hidden)]
    fn equals(&self, other: &Self) -> bool;
    #[doc(hidden)]
    fn hashed<H: Hasher>(&self, state: &mut H);
}

#[diagnostic::do_not_recommend]
impl<T: Clone + Eq + Hash> LatestKey for T {
    fn copied(&self) -> T {
        self.clone()
    }
    fn equals(&self, other: &T) -> bool {
        self == other
    }
    fn hashed<H: Hasher>(&self, state: &mut H) {
        self.hash(state);
    }
}

/// A type that can be a field of a message.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent to an actor",
    label = "this field must be `Send + 'static`",
    note = "a message moves to the thread of its actor, so everything in it is `Send` and borrows nothing",
    note = "use an owned type, such as `Arc` in place of `Rc` and `String` in place of `&str`"
)]
pub trait Payload {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Payload for T {}

/// A type that can be a reply, or the error of one.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the reply of an actor",
    label = "a reply must be `Send + 'static`",
    note = "a reply moves to the thread of its caller, so everything in it is `Send` and borrows nothing",
    note = "use an owned type, such as `Arc` in place of `Rc` and `String` in place of `&str`"
)]
pub trait Answer {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Answer for T {}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Variant] = &[
        Variant::new("Move", "move_to", &["0", "1"], Style::Tuple, false),
        Variant::new(
            "Transfer",
            "transfer",
            &["from", "to"],
            Style::Struct,
            false,
        ),
    ];

    #[test]
    fn one_high_variant_makes_a_high_lane() {
        assert!(!any_high(TABLE));
        assert!(any_high(&[TABLE[0], TABLE[1].high()]));
        assert!(!any_high(&[]));
    }

    #[test]
    fn resizing_keeps_the_policy() {
        let bounded = Mailbox::bounded(4, Overflow::DropOldest).resized(9);
        assert_eq!(bounded, Mailbox::bounded(9, Overflow::DropOldest));
        assert_eq!(Mailbox::unbounded().resized(9).overflow(), Overflow::Reject);
    }
}
