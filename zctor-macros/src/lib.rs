//! The attribute macros of zctor.
//!
//! Use them through the crate `zctor`, which re-exports them beside what their output runs on.

#![forbid(unsafe_code)]
#![deny(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod diag;
mod editor;
mod expand;
mod handlers;
mod model;
mod parse;
mod pipeline;
mod syntax;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_catalogue;
#[cfg(test)]
mod tests_editor;
#[cfg(test)]
mod tests_robust;
#[cfg(test)]
mod tests_supervisor;
mod tokens;
mod validate;
mod wording;

use proc_macro::TokenStream;

/// Makes an enum the protocol of an actor: its variants are the messages.
///
/// For an enum `Counter` it adds, with the enum's visibility and generics:
///
/// - the trait `CounterActor`, with a method for each variant, in snake case. It is what the state
///   implements, by [`macro@handlers`] or by hand. It also has the hooks `on_start`, `on_restart`, `on_stop` and `ready`.
/// - the struct `CounterHandle`, with a method for each variant: what is passed around.
/// - the enum `CounterKind`: the variants without their fields.
///
/// # Options of the enum
///
/// | option | meaning |
/// |---|---|
/// | `mailbox = unbounded` | a mailbox without a limit, the default |
/// | `mailbox = 1024` | a mailbox with room for so many messages: a number, or the path of a constant |
/// | `mailbox = lock_free` | one without a limit, whose queue has no lock: see [below](#a-mailbox-without-a-lock) |
/// | `mailbox = lock_free(1024)` | one with a capacity, whose queue has no lock |
/// | `overflow = wait` | who tells a full mailbox waits for room; the default where there is a capacity |
/// | `overflow = reject` | a full mailbox gives the message back |
/// | `overflow = drop_newest` | a full mailbox drops the message, and counts it |
/// | `overflow = drop_oldest` | a full mailbox drops the message that has waited longest, and counts it |
/// | `timeout = "5s"` | the time limit of every ask that has none of its own |
/// | `thread = shared` | it runs on the workers of its system, the default; its handlers must not block |
/// | `thread = dedicated` | it has an OS thread of its own, which its handlers may block, also with `.wait()` |
/// | `handle = Name`, `trait = Name` | other names for the handle and the trait |
/// | `crate = path` | where zctor is found, if it is renamed or re-exported |
/// | `double`, `double = Name` | an actor for tests whose answers are scripted, `CounterDouble`: see [below](#doubles) |
///
/// # Attributes of variants
///
/// | attribute | meaning |
/// |---|---|
/// | `#[reply(T)]` | an ask: its handler returns a `T`, which the caller gets |
/// | `#[reply(T, error = E)]` | an ask that can fail: its handler returns a `Result<T, E>` |
/// | `#[reply(T, deferred)]` | its handler gets `reply: Reply<T>` behind the fields, to answer later or to pass on; `error = E` may stand before or after |
/// | `#[timeout("100ms")]` | the time limit of this ask |
/// | `#[breaker(failures = 5, recovery = "30s", successes = 3)]` | a circuit breaker before this ask, at the handle: below |
/// | `#[limit(100, per = "1s")]` | a rate limit before this message, at the handle: below |
/// | `#[batch(max = 100, within = "10ms")]` | handled many at a time: below |
/// | `#[latest]`, `#[latest(by = field)]` | a newer message takes the place of an older one that is still queued: below |
/// | `#[priority(high)]` | served before ordinary messages, outside the mailbox's capacity and policy |
/// | `#[idempotent]` | an ask that does no harm when it is handled twice: its method returns an `IdempotentAsk`, which has `.retry(Retry::times(3))` |
/// | `#[every("1s")]` | a message without fields that the actor sends to itself in this period; its method is there as well, unless it is internal |
/// | `#[internal]` | no method on the handle: for what the actor sends to itself (`handle.tell(Enum::Variant)` still can) |
/// | `#[method(name)]` | another name for its methods |
///
/// Messages of high priority have a lane of their own. They are served before all ordinary ones,
/// keep their order among themselves, and no policy drops them; their methods return at once, also
/// under `overflow = wait`. While they keep coming, ordinary messages wait: leave the attribute to
/// what is rare. A stop or a kill needs none, since signals never wait behind messages.
///
/// # Circuit breakers
///
/// `#[breaker]` on an ask turns callers away at once (`AskError::CircuitOpen`) while it keeps failing.
/// `Failed`, `Crashed`, `NoReply` and `Timeout` are failures; an actor that has stopped, a full mailbox
/// and a caller who goes away are of no account. All handles share its state, which outlives restarts;
/// `handle.breaker(CounterKind::Get)` gives it, and the events of the system tell of each change.
/// A message that is told by `handle.tell(…)`, or by a recipient, does not pass it. A call lasts from
/// when it is let through until its answer is looked at: one that was sent with `.send()` should be
/// awaited, or dropped.
///
/// | option | meaning |
/// |---|---|
/// | `failures = 5` | so many failures in a row open it |
/// | `calls = 20` | or a share of the latest calls does |
/// | `time = "60s"` | or a share of the calls that ended in the latest stretch of this time |
/// | `rate = 50` | the share of failures in such a window, in percent: this or more |
/// | `minimum = 10` | fewer calls in the window decide nothing; by default a window of calls has to be full |
/// | `slow = "2s"` | calls that take so long are slow: failures, or in a window a share of their own |
/// | `slow_rate = 100` | that share, in percent: this or more |
/// | `recovery = "30s"` | how long it stays open; then calls are tried |
/// | `successes = 3` | so many of these have to succeed; one that fails opens it again |
/// | `trials = 1` | so many are tried at a time |
/// | `ignore = is_harmless` | a `fn(&AskError<E>) -> bool` that says which errors are of no account |
///
/// # Rate limits
///
/// `#[limit(100, per = "1s")]` lets so many messages through: a bucket of permits that is full at
/// first, and fills evenly. All handles share it. A message that is told by `handle.tell(…)`, or by a
/// recipient, does not pass it, nor does what the actor sends to itself.
///
/// | option | meaning |
/// |---|---|
/// | `per = "1s"` | in so much time |
/// | `burst = 10` | how many at once, after a quiet time; by default the whole number |
/// | `overflow = reject` | without a permit the message comes back, and an ask ends with `Limited`; the default |
/// | `overflow = wait` | the method of a tell returns a lazy `Tell`, and both wait for a permit, in the order of arrival; `.try_now()` and `.send()` do not wait |
///
/// A circuit breaker is asked first: nobody waits for a permit before one that is open.
///
/// # Batches
///
/// The handler of a message with `#[batch]` gets a `Batch<Item>`, an iterator that owns its items: the
/// field of the message, or a tuple of its fields; of an ask each with its `Reply`. A batch is handed
/// over with `max` messages (by default 100), or `within` this time after the actor has taken the
/// first of them (by default `"10ms"`), and earlier when
///
/// - a message of another kind comes, which is handled behind it, so order is kept (those of high
///   priority go first as always, and leave it open),
/// - `handle.flush_…()` was called: what was sent before is handed over,
/// - the actor stops, or its last handle goes,
/// - a notice that another actor has ended is there to be handled, as that comes behind the mail.
///
/// It is never empty. The hook `ready` is asked when a message is taken, and again before the batch is
/// handled; inside of a batch it sees the state from before it. What the actor has sent to itself, by
/// timers too, can be batched: it cannot be cancelled any more when it is, and ends with the state.
/// `handle.configure_…(max, within)` changes both while the actor runs. What is
/// collected is not handled yet: it counts as queued, but no longer toward the mailbox's capacity. A
/// crash loses the batch that the handler had; what was being collected goes to the next state, as old
/// as it is.
///
/// # The latest of its kind
///
/// Of a message with `#[latest]` at most one is queued; with `#[latest(by = field)]` one for each value
/// of that field, which is `Clone + Eq + Hash` (`by = 0` of a tuple). A newer one takes the place of the
/// older, with all its fields, and needs no room of its own; the older is dropped and counted. What
/// the actor has taken to be handled, or into a batch, is not replaced any more.
///
/// # Ticks
///
/// Ticks by `#[every]` start when `on_start` is over, the first one a period later, and anew in each
/// state of a restarted actor. They come at whole numbers of periods; at most one waits, and those
/// that were missed meanwhile are left out. They do not keep the actor alive.
///
/// # Doubles
///
/// `#[actor(double)]` also makes the struct `CounterDouble`: an actor of this protocol for tests. It has
/// `new(&system)`, `handle()`, `child()` for the factories of supervisors, `verify()`, and for each message
/// two methods, each with a closure of the parameters and the result of the handler, without the context:
///
/// | method | meaning |
/// |---|---|
/// | `double.on_get(\|\| 42)` | answers each such message, of which there need be none |
/// | `double.expect_get(\|\| 42)` | answers one, which has to come; those that are expected of one kind take turns, before `on_get` |
///
/// A message that nothing was scripted for crashes the double. Its caller gets `Crashed`, and the test fails,
/// with the names of the messages, when `double.verify().wait()` is called or the double is dropped. So it
/// does when something expected has not come.
///
/// The double is made in every build, unless the attribute itself has a condition. One of the two lines
/// counts, so each has all other options as well:
///
/// ```text
/// #[cfg_attr(test, actor(mailbox = 64, double))]
/// #[cfg_attr(not(test), actor(mailbox = 64))]
/// pub enum Counter { … }
/// ```
///
/// # Hooks
///
/// They stand in the same impl as the handlers, as `fn` or `async fn` and with or without the context:
///
/// | hook | when |
/// |---|---|
/// | `on_start(&mut self, ctx)` | before the first message; an error or a panic ends the actor, and `started()` says so |
/// | `on_restart(&mut self, previous: Exit, ctx)` | in the new state of an actor that its supervisor has restarted, before `on_start`; `previous` tells how the last one ended |
/// | `on_stop(&mut self, ctx)` | after the last message of a stop; not after a crash or a kill |
/// | `fn ready(&self, next: CounterKind) -> bool` | before a message is handled: one that is not ready stays queued |
///
/// Durations are text with a unit: `ns`, `us`, `ms`, `s`, `m` or `h`, also as a sum, `"1m 30s"`.
///
/// Documentation, `#[cfg]` and `#[deprecated]` of a variant are those of what is made from it; that of
/// its fields is a list of the parameters. `#[non_exhaustive]` goes for the kinds as well. The fields
/// own their data: lifetime parameters are refused.
///
/// # A mailbox without a lock
///
/// A mailbox is a queue under a lock, unless it is `lock_free`. Both promise the same, and which one
/// an enum has is seen in nothing but time and memory. On two cores the benchmark (in `benches/`)
/// says, with a number in each message:
///
/// | | default | `lock_free` |
/// |---|---|---|
/// | with room for 64, sender waits, a message | 71 ns | 62 ns (0.87) |
/// | without a limit, a tell from 1 thread | 46 ns | 88 ns (1.9) |
/// | from 4 threads at once | 33 ns | 45 ns (1.3) |
/// | from 16 | 50 ns | 49 ns (1.0) |
/// | from actor to actor, a hop of a ring | 81 ns | 87 ns (1.1) |
/// | spawn, one message, stop | 513 ns | 650 ns (1.2) |
/// | an idle actor | 593 bytes | 1545 bytes |
///
/// The tells from threads vary by half from run to run, the rest by a twentieth. The sender that
/// waits is an actor; threads that wait for room sleep and wake most of the time, and see no difference.
/// So:
///
/// - **with a capacity**, `lock_free(1024)` is for a mailbox with much to do. It allocates nothing after
///   the spawn. But then it takes the memory of all its places, each of the size of a message and 8
///   bytes, if that is a mebibyte at most; a larger one grows when messages come;
/// - **without one**, leave it out. The default hands the whole queue over under one lock, which costs
///   less than anything that is done for each message. `lock_free` is for senders that must not go to
///   sleep on a lock, and perhaps for machines with many cores: let the benchmark tell. It allocates
///   once in 31 messages, and gives that back as they are handled.
///
/// Without a lock is the queue, and nothing else: to wake an idle actor, and to wait for room, is the
/// same for both, and messages with `#[priority(high)]`, `#[latest]` or `#[limit]` pass a lock as they do
/// elsewhere. What the name promises, and what it does not, stands with the queues themselves, which can
/// be used beside actors: the module `zctor::queue`. A thread with a real-time priority should read that
/// first.
#[proc_macro_attribute]
pub fn actor(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::actor(options.into(), item.into()).into()
}

/// Makes an enum a supervisor: an actor that starts other actors, its children, restarts them when
/// they end, and stops them in order. The semantics are those of Erlang/OTP's `supervisor`.
///
/// Each variant with `#[child]` declares a child: its first field is the enum of an actor or of
/// another supervisor. The order of declaration is that of the starts; stops go in reverse. Other
/// variants are messages, as with [`macro@actor`]; the attributes of `#[actor]` work for them.
///
/// For an enum `Shop` with a child `Stock(Stock)`, a child `#[child(count = 4)] Packer(Packer)` and a
/// child `#[child(dynamic)] Visit(Visit, TcpStream)` it adds, besides what `#[actor]` does:
///
/// - the trait `ShopChildren`, which the state implements: a factory for each child, called for each
///   of its starts. `fn stock(&mut self, shop: &ShopHandle) -> Child<Stock>`; one of several gets its
///   `index: usize` as well, a dynamic child its start arguments.
/// - on `ShopHandle` the accessors `stock()`, `packer(index)`, `packers()`, `visits()`, and
///   `start_visit(stream)`. They are valid from the beginning, before the children have started, and
///   across restarts. The administration of OTP is there for every supervisor:
///   `which_children`, `count_children`, `restart_child`, `terminate_child`, `delete_child`,
///   `start_child`.
/// - the enum `ShopChild`, which names the children for these.
/// - the trait `ShopContext`, by which handlers start dynamic children: `ctx.start_visit(stream)`.
///
/// The trait `ShopActor` is there only if there are messages. Its handlers are `fn`: a supervisor
/// that waited could not restart its children. The child variants are left out of the enum.
///
/// # Options of the enum
///
/// | option | meaning |
/// |---|---|
/// | `strategy = one_for_one` | a child that has ended is restarted alone; the default |
/// | `strategy = one_for_all` | all children are stopped, and started again |
/// | `strategy = rest_for_one` | so are those that were declared after it |
/// | `max_restarts = 3` | so many restarts are allowed, a number or the path of a constant; one more, and the supervisor ends |
/// | `within = "60s"` | in this time, which slides |
/// | `auto_shutdown = never` | the supervisor ends only when it is stopped, or gives up; the default |
/// | `auto_shutdown = any_significant` | it ends with the first significant child that has ended and is not restarted |
/// | `auto_shutdown = all_significant` | it ends with the last of them |
/// | `backoff(min = "200ms", max = "10s")` | a restart waits, twice as long with each one in a row, with jitter; without it there is no delay |
///
/// # Options of a child
///
/// | option | meaning |
/// |---|---|
/// | `restart = permanent` | it is restarted however it ends; the default |
/// | `restart = transient` | it is restarted when it has crashed or was killed |
/// | `restart = temporary` | it is never restarted, and forgotten when it has ended; the default of dynamic children |
/// | `shutdown = "5s"` | how long it may take to stop before it is killed; the default of actors |
/// | `shutdown = brutal` | it is killed at once |
/// | `shutdown = infinity` | it takes as long as it takes; the default of supervisors |
/// | `significant` | its end can end the supervisor: see `auto_shutdown` |
/// | `count = 4` | so many children, each with its index |
/// | `dynamic` | started later, by `start_…`, as often as is asked for |
///
/// Start arguments are `Clone` unless the child is temporary.
///
/// # Restarts
///
/// A restarted actor has a new state, from its factory, and the same mailbox: its handles stay valid,
/// and messages that wait are handled by the new state. The message that crashed it is gone. Its
/// hook `on_restart` runs before `on_start`. Timers, pipes, monitors and links of the old state are
/// gone, and actors that it had spawned as its children have ended.
///
/// A stop for a restart of several children lets each end the message in hand, and keeps the rest; a
/// stop for good handles what is queued, within the limit. What a child that is to stop for a restart
/// asks of one that is down already ends with `Stopped`: each would wait for the other. A restart of a supervisor keeps the
/// mailboxes of its whole tree. After `terminate_child`, and when a child had ended without being
/// restarted, a later start makes another actor: old handles stay dead, the accessor has the new one.
/// So it is with a child that blocks its thread and does not let go of it.
///
/// # Differences from OTP
///
/// - A supervisor handles its messages also while its children start, stop and are restarted.
/// - Dynamic children of one declaration, one behind the other, are stopped at once, each within its
///   limit, as those of a `simple_one_for_one` are; all others one by one.
/// - Temporary children are stopped for good, with their mail handled, when a group is restarted.
/// - There is `backoff`. With it a restart is counted when the child has ended, and not when the delay
///   is over.
/// - Restarts are counted with the precision of the clock, not in whole seconds.
/// - A child that does not let go of its thread cannot be waited for. It counts as dead after a
///   grace, and its place is free.
/// - A start has no time limit, but a stop of the supervisor ends it, within the child's limit.
#[proc_macro_attribute]
pub fn supervisor(options: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::supervisor(options.into(), item.into()).into()
}

/// Stands on what is documented, and takes from it what only the compiler needs.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn __documented(_: TokenStream, item: TokenStream) -> TokenStream {
    expand::documented(item.into()).into()
}

/// Makes the impl of an actor's trait from plain functions.
///
/// A handler is a `fn` or an `async fn` that takes `&self` or `&mut self`, then the fields of its
/// message, named like them where they have names, and last, if it wants it, the context, as
/// `ctx: &mut Context<Counter>`. The handler of a tell returns nothing, that of an ask its answer.
/// Either may return a `Result` with an error that ends the actor. Of a type parameter that the
/// actor has, `Send + 'static` goes without saying.
///
/// The hook `fn ready(&self, next: CounterKind) -> bool` says which kinds of messages the state takes
/// now; without it, all. A message that is not ready stays queued, with its reply, and is offered
/// again, in the order of arrival, after each message that was handled. The hook is asked once for
/// each kind, not for each message. What is held takes a place in a bounded mailbox. When the actor
/// stops, messages are offered until none is ready; the rest is dropped and counted.
///
/// | argument | meaning |
/// |---|---|
/// | none | the actor of `impl CounterActor for State` is `Counter` |
/// | `#[handlers(Counter)]` | the actor's enum, where the name of the trait does not tell it |
/// | `#[handlers(crate = path)]` | where zctor is found, if it is renamed or re-exported |
#[proc_macro_attribute]
pub fn handlers(arguments: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::handlers(arguments.into(), item.into()).into()
}

/// Leaves its item as it is. It stands in for the attribute of the compiler's where that is not known.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn on_unimplemented(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
