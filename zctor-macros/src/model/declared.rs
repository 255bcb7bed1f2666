//! What the user wrote, each value with the place where it was written.

use std::time::Duration;

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Path, Type};

use crate::syntax::ItemEnum;

/// An option or attribute that was given. Its value is absent where it was mistaken.
#[derive(Debug)]
pub(crate) struct Given<T> {
    /// The name of the option.
    pub(crate) at: Span,
    pub(crate) value: Option<T>,
}

/// The declaration of an actor.
pub(crate) struct Declaration {
    pub(crate) options: Options,
    /// The enum, without the attributes that are ours.
    pub(crate) item: ItemEnum,
    /// One for each variant of `item`, in order.
    pub(crate) marks: Vec<Marks>,
}

/// The options of `#[actor(…)]`.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) mailbox: Option<Given<Mailbox>>,
    pub(crate) overflow: Option<Given<Overflow>>,
    pub(crate) timeout: Option<Given<Duration>>,
    pub(crate) thread: Option<Given<Thread>>,
    pub(crate) handle: Option<Given<Ident>>,
    pub(crate) interface: Option<Given<Ident>>,
    pub(crate) root: Option<Given<Path>>,
    /// That a double is made, and what it is called if not by the usual name.
    pub(crate) double: Option<Given<Option<Ident>>>,
    /// What only `#[supervisor(…)]` has.
    pub(crate) supervising: Supervising,
    /// One was not understood: what seems missing may be that.
    pub(crate) uncertain: bool,
}

/// The options of `#[supervisor(…)]` alone.
#[derive(Default)]
pub(crate) struct Supervising {
    pub(crate) strategy: Option<Given<Strategy>>,
    pub(crate) max_restarts: Option<Given<TokenStream>>,
    pub(crate) within: Option<Given<Duration>>,
    pub(crate) auto_shutdown: Option<Given<AutoShutdown>>,
    pub(crate) backoff: Option<Given<Backoff>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Strategy {
    OneForOne,
    OneForAll,
    RestForOne,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AutoShutdown {
    Never,
    AnySignificant,
    AllSignificant,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    pub(crate) min: Duration,
    pub(crate) max: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restart {
    Permanent,
    Transient,
    Temporary,
}

/// How long a child may take to stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Patience {
    Brutal,
    Within(Duration),
    Infinity,
}

/// What `#[child(…)]` says.
#[derive(Default, Debug)]
pub(crate) struct ChildMark {
    pub(crate) restart: Option<Given<Restart>>,
    pub(crate) shutdown: Option<Given<Patience>>,
    pub(crate) significant: Option<Given<()>>,
    pub(crate) dynamic: Option<Given<()>>,
    pub(crate) count: Option<Given<TokenStream>>,
}

/// The attributes of one variant.
#[derive(Default)]
pub(crate) struct Marks {
    pub(crate) reply: Option<Given<Reply>>,
    pub(crate) timeout: Option<Given<Duration>>,
    pub(crate) method: Option<Given<Ident>>,
    pub(crate) internal: Option<Given<()>>,
    pub(crate) idempotent: Option<Given<()>>,
    /// Whether it is the high one.
    pub(crate) priority: Option<Given<bool>>,
    /// The period of its ticks.
    pub(crate) every: Option<Given<Duration>>,
    pub(crate) breaker: Option<Given<Settings>>,
    pub(crate) limit: Option<Given<LimitMark>>,
    pub(crate) batch: Option<Given<Settings>>,
    pub(crate) latest: Option<Given<LatestMark>>,
    pub(crate) child: Option<Given<ChildMark>>,
    /// One was not understood: what seems missing may be that.
    pub(crate) uncertain: bool,
}

/// The options of an attribute that has some.
#[derive(Default, Debug)]
pub(crate) struct Settings {
    pub(crate) all: Vec<Setting>,
    /// One was not understood: what seems missing may be that.
    pub(crate) uncertain: bool,
}

#[derive(Debug)]
pub(crate) struct Setting {
    pub(crate) name: &'static str,
    /// Its name, where it was written.
    pub(crate) at: Span,
    pub(crate) value: Option<Value>,
}

#[derive(Clone)]
pub(crate) enum Value {
    /// A number or the path of a constant.
    Number(TokenStream),
    Duration(Duration),
    Path(Path),
    Word(&'static str),
    /// The name or the number of a field.
    Field(TokenStream),
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Value::Number(tokens) | Value::Field(tokens) => tokens.fmt(f),
            Value::Duration(duration) => duration.fmt(f),
            Value::Path(_) => f.write_str("Path"),
            Value::Word(word) => f.write_str(word),
        }
    }
}

impl Settings {
    pub(crate) fn given(&self, name: &str) -> Option<&Setting> {
        self.all.iter().find(|setting| setting.name == name)
    }
}

/// What `#[limit(…)]` says.
#[derive(Debug)]
pub(crate) struct LimitMark {
    /// How many: absent where it was mistaken.
    pub(crate) count: Option<TokenStream>,
    pub(crate) settings: Settings,
}

/// What `#[latest]` or `#[latest(by = field)]` says: the name or the number of the field.
#[derive(Debug)]
pub(crate) struct LatestMark {
    pub(crate) by: Option<TokenStream>,
}

/// How much mail an actor takes, and what it waits in.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mailbox {
    /// A number or the path of a constant. None: no limit.
    pub(crate) capacity: Option<TokenStream>,
    pub(crate) lock_free: bool,
}

/// What happens to a message that finds the mailbox full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Overflow {
    Wait,
    Reject,
    DropNewest,
    DropOldest,
}

/// What an actor runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thread {
    Shared,
    Dedicated,
}

/// What an ask is answered with.
#[derive(Clone)]
pub(crate) struct Reply {
    /// Where it was mistaken, a type that says so.
    pub(crate) answer: Type,
    pub(crate) error: Option<Type>,
    pub(crate) deferred: bool,
}
