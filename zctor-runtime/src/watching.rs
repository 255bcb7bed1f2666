//! What a handler can do to learn of the ends of other actors.

use std::sync::{Arc, Weak};

use crate::cell::Cell;
use crate::context::Context;
use crate::exit::Exit;
use crate::handle::Handle;
use crate::inbound::{Inbound, Tag};
use crate::own::Monitoring;
use crate::protocol::Protocol;
use crate::watch::{Watched, link, unlink};
use crate::watchers::{Monitor, Scope, Watcher};

/// Names a monitor of an actor, for [`Context::demonitor`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MonitorKey(Tag);

impl<P: Protocol> Context<P> {
    /// Has this actor told when `other` has ended for good, by the message that
    /// `gone` makes of its [`Exit`].
    ///
    /// There is one notice for each monitor, exactly once, and at once if
    /// `other` has ended already. It comes after everything that `other` had
    /// sent to this actor, and is outside the mailbox's capacity. A monitor
    /// keeps neither actor alive, and ends with the one that set it: once that
    /// one is stopped no notice comes, as nothing comes of its timers.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::Exit;
    ///
    /// #[actor] enum Guest { Leave }
    /// struct Visitor;
    /// #[handlers] impl GuestActor for Visitor {
    ///     fn leave(&mut self, ctx: &mut Context<Guest>) { ctx.stop() }
    /// }
    ///
    /// #[actor]
    /// enum Room { Enter(GuestHandle), #[internal] Gone(Exit) }
    /// #[derive(Default)]
    /// struct Table { guests: Vec<GuestHandle> }
    /// #[handlers]
    /// impl RoomActor for Table {
    ///     fn enter(&mut self, value: GuestHandle, ctx: &mut Context<Room>) {
    ///         ctx.monitor(&value, Room::Gone);
    ///         self.guests.push(value);
    ///     }
    ///     fn gone(&mut self, value: Exit, ctx: &mut Context<Room>) {
    ///         self.guests.retain(|guest| guest.id() != value.id());
    ///         if self.guests.is_empty() { ctx.stop() }
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let room = Room::spawn(&system, Table::default());
    /// let guest = Guest::spawn(&system, Visitor);
    /// room.enter(guest.clone())?;
    /// guest.leave()?;
    /// assert!(room.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    #[doc(alias = "watch")]
    pub fn monitor<Q: Protocol>(
        &mut self,
        other: &Handle<Q>,
        gone: impl FnOnce(Exit) -> P + Send + 'static,
    ) -> MonitorKey {
        self.monitor_within(other, gone, Scope::Actor)
    }

    /// The same, but it speaks also when only the state of `other` that runs now
    /// has crashed, and a supervisor starts it anew: when whatever was agreed
    /// with that state is void.
    pub fn monitor_incarnation<Q: Protocol>(
        &mut self,
        other: &Handle<Q>,
        gone: impl FnOnce(Exit) -> P + Send + 'static,
    ) -> MonitorKey {
        self.monitor_within(other, gone, Scope::Incarnation)
    }

    fn monitor_within<Q: Protocol>(
        &mut self,
        other: &Handle<Q>,
        gone: impl FnOnce(Exit) -> P + Send + 'static,
        scope: Scope,
    ) -> MonitorKey {
        let (cell, own) = self.parts();
        let tag = own.tag(cell);
        let who: Weak<dyn Watcher> = Arc::<Cell<P>>::downgrade(cell);
        let watched = match other.cell().watch(Monitor { who, tag, scope }) {
            Ok(ticket) => {
                let watched: Weak<dyn Watched> = Arc::<Cell<Q>>::downgrade(other.cell());
                Some((watched, ticket))
            }
            Err(exit) => {
                cell.arrive(Inbound::Gone(tag, exit));
                None
            }
        };
        let make = Box::new(gone);
        own.monitors.insert(tag, Monitoring { make, watched });
        MonitorKey(tag)
    }

    /// Takes a monitor back. No notice comes after this, also if it was waiting
    /// already. False if it had come, or was taken back before.
    pub fn demonitor(&mut self, monitor: MonitorKey) -> bool {
        self.parts_if_any()
            .is_some_and(|(_, own)| own.demonitor(monitor.0))
    }

    /// Links this actor and `other`: when either of them crashes, is killed, or
    /// is ended by a link itself, the other one is ended with
    /// [`ExitReason::Linked`](crate::ExitReason::Linked), as by a kill. An
    /// orderly end does nothing to the other.
    ///
    /// An actor that [traps exits](Context::trap_exits) gets a message instead.
    /// If `other` has ended already, that is as if it ended now. To link twice
    /// is to link once. A link keeps neither alive.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::ExitReason;
    ///
    /// #[actor] enum Half { Join(HalfHandle), Break, #[reply(())] Ping }
    /// struct Pair;
    /// #[handlers]
    /// impl HalfActor for Pair {
    ///     fn join(&mut self, value: HalfHandle, ctx: &mut Context<Half>) { ctx.link(&value) }
    ///     fn r#break(&mut self) -> Result<(), Failure> { Err(Failure::msg("snap")) }
    ///     fn ping(&self) {}
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let (left, right) = (Half::spawn(&system, Pair), Half::spawn(&system, Pair));
    /// left.join(right.clone())?;
    /// left.ping().wait()?;
    /// right.r#break()?;
    /// match left.stopped().wait()? {
    ///     ExitReason::Linked(exit) => assert_eq!(exit.id(), right.id()),
    ///     other => panic!("{other}"),
    /// }
    /// # system.shutdown().wait() }
    /// ```
    pub fn link<Q: Protocol>(&mut self, other: &Handle<Q>) {
        // From now on a trapped exit can arrive.
        self.parts();
        link(self.cell(), other.cell());
    }

    /// Takes a link back, whichever of the two made it. The end of `other` has no
    /// effect on this actor after this; a message of it that was waiting does
    /// not come. False if they were not linked.
    pub fn unlink<Q: Protocol>(&mut self, other: &Handle<Q>) -> bool {
        let (cell, own) = self.parts();
        let unlinked = unlink(&**cell, &**other.cell());
        let ended = other.label();
        own.forget_exits(cell, &|exit| *exit.actor() == ended);
        unlinked
    }

    /// From now on, when an actor that is linked to this one ends, in whatever
    /// way, this one is not ended but gets the message that `exited` makes of
    /// the [`Exit`]. It comes after everything that the ended actor had sent, and
    /// is outside the mailbox's capacity.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::Exit;
    ///
    /// #[actor] enum Half { Break }
    /// struct Pair;
    /// #[handlers]
    /// impl HalfActor for Pair {
    ///     fn r#break(&mut self) -> Result<(), Failure> { Err(Failure::msg("snap")) }
    /// }
    ///
    /// #[actor] enum Keeper { #[internal] Exited(Exit) }
    /// struct Glue { half: HalfHandle }
    /// #[handlers]
    /// impl KeeperActor for Glue {
    ///     fn on_start(&mut self, ctx: &mut Context<Keeper>) {
    ///         ctx.trap_exits(Keeper::Exited);
    ///         ctx.link(&self.half);
    ///     }
    ///     fn exited(&mut self, value: Exit, ctx: &mut Context<Keeper>) {
    ///         assert_eq!(value.to_string(), "Half#1: crashed in the handler of `Break`: snap");
    ///         ctx.stop();
    ///     }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let half = Half::spawn(&system, Pair);
    /// let keeper = Keeper::spawn(&system, Glue { half: half.clone() });
    /// half.r#break()?;
    /// assert!(keeper.stopped().wait()?.is_orderly());
    /// # system.shutdown().wait() }
    /// ```
    pub fn trap_exits(&mut self, exited: impl FnMut(Exit) -> P + Send + 'static) {
        let (cell, own) = self.parts();
        own.trap = Some(Box::new(exited));
        cell.ties().set_trapping(true);
    }
}
