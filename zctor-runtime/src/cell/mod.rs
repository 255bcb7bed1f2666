//! An actor as its handles and its task see it.

mod account;
mod any;
#[cfg(feature = "arena")]
mod arena;
mod batches;
mod core;
mod deliver;
mod end;
mod flow;
mod latest;
mod observed;
mod outside;
mod place;
mod signals;
mod subordinate;

use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Weak};

pub(crate) use self::core::Core;
use self::core::Profile;
use crate::hub::Hub;
use crate::mailbox::Mailbox;
use crate::protocol::{Protocol, QueueOf};
use crate::registry::AnyActor;
use crate::supervision::roster::Roster;
use crate::supervision::spec::Supervision;

/// The part of it that depends on the protocol is small: code for the rest is
/// compiled once, and not for each protocol.
pub(crate) struct Cell<P: Protocol> {
    core: Core,
    pub(crate) mailbox: Mailbox<P::Envelope, QueueOf<P>>,
}

impl<P: Protocol> Deref for Cell<P> {
    type Target = Core;

    #[inline]
    fn deref(&self) -> &Core {
        &self.core
    }
}

impl<P: Protocol> Cell<P> {
    /// A cell with one holder. That of a supervisor has those of its children
    /// with it.
    pub(crate) fn new(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        mailbox: crate::protocol::Mailbox,
    ) -> Arc<Cell<P>> {
        Cell::supervising(hub, name, mailbox, P::SUPERVISES)
    }

    /// The same of a supervisor that goes by other numbers than its enum says.
    pub(crate) fn supervising(
        hub: Arc<Hub>,
        name: Option<Arc<str>>,
        mailbox: crate::protocol::Mailbox,
        supervision: Option<&Supervision>,
    ) -> Arc<Cell<P>> {
        let profile = const {
            &Profile {
                name: P::NAME,
                variants: P::VARIANTS,
                thread: P::THREAD,
            }
        };
        let cell = Arc::new(Cell {
            core: Core::new(hub, name, profile, mailbox.overflow()),
            mailbox: Mailbox::new(mailbox.capacity()),
        });
        if const { P::SUPERVISES.is_some() }
            && let Some(supervision) = supervision
        {
            let supervisor: Weak<dyn AnyActor> = Arc::<Cell<P>>::downgrade(&cell);
            let roster = Roster::new(supervision, &cell.hub, supervisor);
            // It is the first.
            let _ = cell.rare().roster.set(roster);
        }
        cell
    }

    /// The same, for code that does not depend on the protocol.
    pub(crate) fn any(&self) -> &dyn AnyActor {
        self
    }
}

impl<P: Protocol> fmt::Debug for Cell<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cell({})", self.label())
    }
}
