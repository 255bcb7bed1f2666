//! What handles of supervisors can do.

use super::calls::{Administer, StartChild};
use super::child_error::ChildError;
use super::declared::{AutoShutdown, Patience, Restart};
use super::desk::What;
use super::info::{ChildCounts, ChildInfo};
use super::made::Made;
use super::member::newborn;
use super::name::ChildName;
use super::roster::{Origin, Place, Roster, Supply, Tenure};
use super::spec::LIMIT;
use super::supervisor::Supervisor;
use crate::child::{Child, Source};
use crate::handle::Handle;
use crate::label::ActorLabel;
use crate::protocol::Protocol;

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
        self.children()
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

impl<P: Protocol> Handle<P> {
    /// What has become of each child.
    pub(crate) fn children(&self) -> Vec<ChildInfo> {
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
            roster.with(|rows| rows.all.pick(|row| (!row.deleted).then(|| info(row))))
        });
        all.unwrap_or_default()
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
    let never = roster.supervision().auto_shutdown == AutoShutdown::Never;
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
        kind: None,
        tenure: Tenure::Passing,
        listed: true,
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
