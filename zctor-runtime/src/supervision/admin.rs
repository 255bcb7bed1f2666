//! What handles of supervisors can do.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll};

use super::arguments::Arguments;
use super::bond::Key;
use super::child_error::ChildError;
use super::declared::Patience;
use super::declared::{AutoShutdown, Restart};
use super::desk::{Answer, Command, What};
use super::info::{ChildCounts, ChildInfo};
use super::made::Made;
use super::member::newborn;
use super::name::ChildName;
use super::roster::{Origin, Place, Roster, Supply};
use super::spec::LIMIT;
use super::supervisor::Supervisor;
use crate::cell::Cell;
use crate::child::{Child, Source};
use crate::context::Context;
use crate::handle::Handle;
use crate::label::ActorLabel;
use crate::protocol::Protocol;
use crate::wait::wait;

impl<P: Supervisor> Handle<P> {
    /// Its children, in the order in which they start: what has become of each.
    /// As OTP's `supervisor:which_children/1`, but it waits for nobody.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// #[supervisor]
    /// enum House { #[child] Hall(Lamp), #[child(count = 2)] Room(Lamp) }
    /// struct Plan;
    /// impl HouseChildren for Plan {
    ///     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
    ///     fn room(&mut self, _: &HouseHandle, _index: usize) -> Child<Lamp> { Lamp::child(Bulb) }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let house = House::start(&system, Plan).wait()?;
    /// let names: Vec<_> = house.which_children().iter().map(|child| child.name().to_string()).collect();
    /// assert_eq!(names, ["hall", "room[0]", "room[1]"]);
    /// assert_eq!(house.which_children()[0].to_string(), "hall: Lamp#2, permanent worker, running, 0 restarts");
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn which_children(&self) -> Vec<ChildInfo> {
        let info = |row: &super::roster::Row| ChildInfo {
            name: row.name.clone(),
            actor: row.actor.label(),
            is_supervisor: row.is_supervisor,
            restart: row.restart,
            incarnation: row.actor.incarnation(),
            restarts: row.starts.saturating_sub(1),
            last_restart: row.last_restart,
            state: row.state,
        };
        let all = self.cell().roster().map(|roster| {
            roster.with(|rows| {
                let rows = rows.all.values().filter(|row| !row.deleted);
                rows.map(info).collect()
            })
        });
        all.unwrap_or_default()
    }

    /// How many children it has. As OTP's `supervisor:count_children/1`, but it
    /// waits for nobody.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # #[supervisor]
    /// # enum House { #[child] Hall(Lamp), #[child(count = 2)] Room(Lamp) }
    /// # struct Plan;
    /// # impl HouseChildren for Plan {
    /// #     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
    /// #     fn room(&mut self, _: &HouseHandle, _index: usize) -> Child<Lamp> { Lamp::child(Bulb) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let house = House::start(&system, Plan).wait()?;
    /// house.terminate_child(HouseChild::Hall).wait()?;
    /// let counts = house.count_children();
    /// assert_eq!((counts.specs(), counts.active(), counts.workers()), (3, 2, 3));
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn count_children(&self) -> ChildCounts {
        let mut counts = ChildCounts::default();
        for child in self.which_children() {
            counts.add(&child);
        }
        counts
    }

    /// Stops a child, in the way and within the limit of its declaration, and
    /// does not start it again. Its place stays, unless it is temporary;
    /// [`restart_child`](Handle::restart_child) starts it. As OTP's
    /// `supervisor:terminate_child/2`.
    ///
    /// Its actor ends for good. A child that awaits this in a handler of its own
    /// waits for itself, until it is killed.
    ///
    /// # Errors
    /// If there is no such child, or the supervisor has ended.
    pub fn terminate_child(&self, child: impl Into<ChildName>) -> Administer {
        let name = child.into();
        self.administer(move |_, _| Ok(What::Terminate(name)))
    }

    /// Starts a child that was terminated, or had ended by itself and was not
    /// restarted. As OTP's `supervisor:restart_child/2`: a start that fails is
    /// not tried again.
    ///
    /// It is another actor: the handles of the one that has ended stay dead, and
    /// the accessor, such as `shop.stock()`, gives one of the new one.
    ///
    /// # Errors
    /// If there is no such child, it runs or is about to be restarted, it does
    /// not start, or the supervisor has ended.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// # #[supervisor]
    /// # enum House { #[child] Hall(Lamp), #[child(count = 2)] Room(Lamp) }
    /// # struct Plan;
    /// # impl HouseChildren for Plan {
    /// #     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
    /// #     fn room(&mut self, _: &HouseHandle, _index: usize) -> Child<Lamp> { Lamp::child(Bulb) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let house = House::start(&system, Plan).wait()?;
    /// house.terminate_child(HouseChild::Room(1)).wait()?;
    /// assert!(!house.room(1).is_alive());
    /// house.restart_child(HouseChild::Room(1)).wait()?;
    /// assert!(house.room(1).is_alive());
    /// # system.shutdown().wait() }
    /// ```
    pub fn restart_child(&self, child: impl Into<ChildName>) -> Administer {
        let name = child.into();
        self.administer(move |_, _| Ok(What::Restart(name)))
    }

    /// Removes a child that does not run. As OTP's `supervisor:delete_child/2`.
    /// A declared one is there again when the supervisor itself is restarted.
    ///
    /// # Errors
    /// If there is no such child, it runs or is about to be restarted, or the
    /// supervisor has ended.
    pub fn delete_child(&self, child: impl Into<ChildName>) -> Administer {
        let name = child.into();
        self.administer(move |_, _| Ok(What::Delete(name)))
    }

    /// Starts another child, behind all others, under a name that none of them
    /// has. As OTP's `supervisor:start_child/2`. When the supervisor itself is
    /// restarted, such a child is gone.
    ///
    /// A child made with [`child_with`](crate::Spawn::child_with) is permanent
    /// unless it says otherwise, and one made of a single state, with
    /// [`child`](crate::Spawn::child), temporary.
    ///
    /// # Errors
    /// If the name is taken, the child does not start (it then has no place), it
    /// is made of a single state and not temporary, or the supervisor has ended.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On, #[reply(u8)] Level }
    /// # #[derive(Clone)]
    /// # struct Bulb(u8);
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} fn level(&self) -> u8 { self.0 } }
    /// # #[supervisor]
    /// # enum House { #[child] Hall(Lamp) }
    /// # struct Plan;
    /// # impl HouseChildren for Plan {
    /// #     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb(1)) }
    /// # }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// # let house = House::start(&system, Plan).wait()?;
    /// let porch = house.start_child("porch", Lamp::child_with(|| Bulb(3))).wait()?;
    /// assert_eq!(porch.level().wait()?, 3);
    /// assert_eq!(house.count_children().active(), 2);
    /// # system.shutdown().wait() }
    /// ```
    pub fn start_child<Q>(&self, name: impl Into<ChildName>, child: Child<Q>) -> StartChild<Q>
    where
        Q: Protocol<Handle: From<Handle<Q>>>,
    {
        let name = name.into();
        let begin = move |roster: &Roster, supervisor: ActorLabel| {
            let place = given(name, child, roster, supervisor.clone())?;
            match roster.add(place) {
                Ok((key, name)) => Ok(What::Start(key, name)),
                Err(place) => Err(ChildError::AlreadyPresent {
                    supervisor,
                    child: place.name.unwrap_or_else(|| ChildName::from("?")),
                }),
            }
        };
        StartChild::new(self.call(begin))
    }

    fn administer(
        &self,
        begin: impl FnOnce(&Roster, ActorLabel) -> Result<What, ChildError> + Send + 'static,
    ) -> Administer {
        Administer(self.call(begin))
    }
}

/// The place of a child that comes from outside.
fn given<Q: Protocol>(
    name: ChildName,
    mut child: Child<Q>,
    roster: &Roster,
    supervisor: ActorLabel,
) -> Result<Place, ChildError> {
    let again = matches!(child.source, Source::Again(_));
    let restart = child.restart.unwrap_or(match again {
        true => Restart::Permanent,
        false => Restart::Temporary,
    });
    if !again && restart != Restart::Temporary {
        let child = name;
        return Err(ChildError::OnlyOnce { supervisor, child });
    }
    let never = roster.supervision.auto_shutdown == AutoShutdown::Never;
    let significant = std::mem::take(&mut child.significant);
    if significant && (never || restart == Restart::Permanent) {
        let child = name;
        return Err(ChildError::NotSignificant { supervisor, child });
    }
    let is_supervisor = Q::SUPERVISES.is_some();
    let unless_said = match is_supervisor {
        true => Patience::Infinity,
        false => LIMIT,
    };
    Ok(Place {
        name: Some(name),
        protocol: Q::NAME,
        is_supervisor,
        restart,
        patience: child.limit.unwrap_or(unless_said),
        significant,
        origin: Origin::Given(Box::new(Stored(Some(child)))),
        make: newborn::<Q>,
    })
}

/// A child that was given for all of its starts.
struct Stored<Q: Protocol>(Option<Child<Q>>);

impl<Q: Protocol> Supply for Stored<Q> {
    fn give(&mut self) -> Option<Made> {
        let child = self.0.take()?;
        let (one, rest) = child.split();
        self.0 = rest;
        Some(Made::of(one))
    }
}

type Begin = Box<dyn FnOnce(&Roster, ActorLabel) -> Result<What, ChildError> + Send>;

/// A command and its answer.
struct Call {
    roster: Option<Arc<Roster>>,
    supervisor: ActorLabel,
    begin: Option<Begin>,
    answer: Option<oneshot::AsyncReceiver<Answer>>,
}

impl<P: Protocol> Handle<P> {
    fn call(
        &self,
        begin: impl FnOnce(&Roster, ActorLabel) -> Result<What, ChildError> + Send + 'static,
    ) -> Call {
        Call {
            roster: self.cell().roster().cloned(),
            supervisor: self.label(),
            begin: Some(Box::new(begin)),
            answer: None,
        }
    }
}

impl Call {
    fn stopped(&self) -> ChildError {
        let supervisor = self.supervisor.clone();
        ChildError::Stopped { supervisor }
    }

    fn send(&mut self, begin: Begin) -> Result<(), ChildError> {
        let roster = self.roster.take().ok_or_else(|| self.stopped())?;
        let what = begin(&roster, self.supervisor.clone())?;
        let (sender, receiver) = oneshot::async_channel();
        self.answer = Some(receiver);
        let answer = Some(sender);
        roster.command(Command { what, answer }).map_err(|command| {
            if let What::Start(key, _) = command.what {
                roster.forget(key);
            }
            self.stopped()
        })
    }

    fn poll(&mut self, cx: &mut task::Context<'_>) -> Poll<Answer> {
        if let Some(begin) = self.begin.take()
            && let Err(error) = self.send(begin)
        {
            return Poll::Ready(Err(error));
        }
        let Some(answer) = &mut self.answer else {
            return Poll::Pending;
        };
        let answer = std::task::ready!(Pin::new(answer).poll(cx));
        self.answer = None;
        Poll::Ready(answer.unwrap_or_else(|_| Err(self.stopped())))
    }
}

/// A command to a supervisor: see
/// [`terminate_child`](Handle::terminate_child).
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Later it is carried out in
/// any case.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct Administer(Call);

impl Administer {
    /// Waits on this thread.
    ///
    /// # Errors
    /// As the command itself; and at once, with nothing done, in a handler on a
    /// shared worker thread.
    pub fn wait(self) -> Result<(), ChildError> {
        wait(self).unwrap_or_else(|refused| Err(ChildError::WaitInHandler(refused)))
    }
}

impl Future for Administer {
    type Output = Result<(), ChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        self.0.poll(cx).map(|answer| answer.map(drop))
    }
}

impl fmt::Debug for Administer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Administer({})", self.0.supervisor)
    }
}

/// The start of a child: see [`start_child`](Handle::start_child), and the
/// methods that `#[supervisor]` makes, such as `shop.start_visit(…)`. It is done
/// when the child's `on_start` has returned.
///
/// # Cancel safety
/// Dropped before it was polled, nothing happens. Later the child is started in
/// any case.
#[must_use = "it does nothing unless it is awaited, or waited for with `.wait()`"]
pub struct StartChild<Q: Protocol>(Call, PhantomData<fn() -> Q>);

impl<Q: Protocol<Handle: From<Handle<Q>>>> StartChild<Q> {
    fn new(call: Call) -> StartChild<Q> {
        StartChild(call, PhantomData)
    }

    /// Waits on this thread.
    ///
    /// # Errors
    /// If the child does not start, or the supervisor has ended; and at once,
    /// with nothing done, in a handler on a shared worker thread.
    pub fn wait(self) -> Result<Q::Handle, ChildError> {
        wait(self).unwrap_or_else(|refused| Err(ChildError::WaitInHandler(refused)))
    }
}

impl<Q: Protocol<Handle: From<Handle<Q>>>> Future for StartChild<Q> {
    type Output = Result<Q::Handle, ChildError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let call = &mut self.0;
        call.poll(cx).map(|answer| {
            let handle = answer?.and_then(handle_of::<Q>);
            handle.ok_or_else(|| call.stopped())
        })
    }
}

impl<Q: Protocol> fmt::Debug for StartChild<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StartChild({}, {})", self.0.supervisor, Q::NAME)
    }
}

fn handle_of<Q: Protocol<Handle: From<Handle<Q>>>>(
    actor: Arc<dyn Any + Send + Sync>,
) -> Option<Q::Handle> {
    let cell = actor.downcast::<Cell<Q>>().ok()?;
    Some(Q::Handle::from(Handle::new(&cell)))
}

// ---- what generated code calls

/// The handle of a declared child.
///
/// # Panics
/// If there is no child of that index.
pub fn child<P, Q>(supervisor: &Handle<P>, name: &'static str, index: usize) -> Q::Handle
where
    P: Protocol,
    Q: Protocol<Handle: From<Handle<Q>>>,
{
    let roster = supervisor.cell().roster();
    let actor = roster.and_then(|roster| roster.declared(name, index));
    let handle = actor.and_then(|actor| handle_of::<Q>(actor.into_any()));
    handle.unwrap_or_else(|| panic!("{} has no child `{name}[{index}]`", supervisor.label()))
}

/// The handles of all children of one declaration.
pub fn children<P, Q>(supervisor: &Handle<P>, name: &'static str) -> Vec<Q::Handle>
where
    P: Protocol,
    Q: Protocol<Handle: From<Handle<Q>>>,
{
    let Some(roster) = supervisor.cell().roster() else {
        return Vec::new();
    };
    let actors = match roster.spec(name) {
        Some(spec) if spec.dynamic => roster.dynamic(name),
        Some(spec) => {
            let indices = 0..spec.count.unwrap_or(1);
            indices
                .filter_map(|index| roster.declared(name, index))
                .collect()
        }
        None => Vec::new(),
    };
    let handles = actors
        .into_iter()
        .map(|actor| handle_of::<Q>(actor.into_any()));
    handles.flatten().collect()
}

/// Starts a dynamic child.
pub fn start_child<P, Q>(
    supervisor: &Handle<P>,
    name: &'static str,
    arguments: Arguments,
) -> StartChild<Q>
where
    P: Protocol,
    Q: Protocol<Handle: From<Handle<Q>>>,
{
    StartChild::new(supervisor.call(move |roster, supervisor| {
        let started = dynamic(roster, name, arguments);
        let start = started.map(|(key, name)| What::Start(key, name));
        start.ok_or_else(|| ChildError::NotFound {
            supervisor,
            child: ChildName::from(name),
        })
    }))
}

/// Starts a dynamic child of the actor itself, as soon as the handler returns.
///
/// # Panics
/// If there is no such declaration.
pub fn start_child_here<P, Q>(
    ctx: &mut Context<P>,
    name: &'static str,
    arguments: Arguments,
) -> Q::Handle
where
    P: Protocol,
    Q: Protocol<Handle: From<Handle<Q>>>,
{
    let handle = ctx.cell().roster().and_then(|roster| {
        let (key, name) = dynamic(roster, name, arguments)?;
        let actor = roster.row(key, |row| Arc::clone(&row.actor))?;
        let what = What::Start(key, name);
        // It is there to obey.
        let _ = roster.command(Command { what, answer: None });
        handle_of::<Q>(actor.into_any())
    });
    handle.unwrap_or_else(|| panic!("{} has no dynamic child `{name}`", ctx.label()))
}

fn dynamic(roster: &Roster, name: &'static str, arguments: Arguments) -> Option<(Key, ChildName)> {
    let spec = roster.spec(name)?;
    let origin = Origin::Dynamic(name, arguments);
    roster.add(Place::of(spec, None, origin)).ok()
}
