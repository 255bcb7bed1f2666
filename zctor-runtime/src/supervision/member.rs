//! Actors as children of a supervisor.

use std::any::Any;
use std::sync::Arc;

use super::made::Made;
use super::running::children;
use super::spec::{ChildSpec, Supervision};
use super::subordinate::{Birth, Newborn, NotBegun, Subordinate};
use super::tree::{Node, Rules};
use crate::cell::{Cell, Core};
use crate::child::Child;
use crate::exit::ExitReason;
use crate::label::ActorLabel;
use crate::life::begin_first;
use crate::protocol::Protocol;
use crate::registry::{AnyActor, Refusal};
use crate::spawn::register;
use crate::stats::Stats;

impl ChildSpec {
    /// A child of this protocol.
    #[must_use]
    pub const fn of<P: Protocol>(protocol: &'static str, name: &'static str) -> ChildSpec {
        ChildSpec::new(name, protocol, supervision_of::<P>, newborn::<P>)
    }
}

impl Made {
    /// What a factory has made.
    #[must_use]
    pub fn of<P: 'static>(child: Child<P>) -> Made {
        Made {
            limit: child.limit,
            child: Box::new(child),
        }
    }
}

fn supervision_of<P: Protocol>() -> Option<&'static Supervision> {
    P::SUPERVISES
}

pub(crate) fn newborn<P: Protocol>(birth: Birth) -> Newborn {
    Newborn(Cell::<P>::unborn(birth))
}

impl<P: Protocol> Subordinate for Cell<P> {
    fn label(&self) -> ActorLabel {
        Core::label(self)
    }

    fn incarnation(&self) -> u64 {
        Core::incarnation(self)
    }

    fn stats(&self) -> Stats {
        self.any().stats()
    }

    fn enroll(self: Arc<Self>) -> Result<(), Refusal> {
        register(&self)?;
        self.set_enrolled();
        Ok(())
    }

    fn begin(self: Arc<Self>, child: Box<dyn Any + Send>, term: u64) -> Result<(), NotBegun> {
        let child = child.downcast::<Child<P>>();
        let mut child = child.map_err(|_| NotBegun::Mistaken)?;
        if child.mailbox != P::MAILBOX {
            return Err(NotBegun::Mailbox);
        }
        let ended = || NotBegun::Refused(Refusal::Ended);
        let bond = self.bond().ok_or_else(ended)?;
        if !self.claim() {
            if self.has_ended() || !bond.is_paused() {
                return Err(ended());
            }
            self.renew();
            self.mailbox.reopen();
            let next = move |actor: Arc<dyn AnyActor>| {
                let cell = actor.into_any().downcast::<Cell<P>>().ok()?;
                Some(child.source.only().incarnate(&cell))
            };
            if !bond.begin_next(term, Box::new(next)) {
                return Err(ended());
            }
            self.wake();
            return Ok(());
        }
        if let Some(name) = child.name.take() {
            self.set_name(name);
        }
        bond.begin(term);
        if !self.is_enrolled()
            && let Err(refusal) = register(&self)
        {
            self.any().end_unstarted(ExitReason::Shutdown);
            return Err(NotBegun::Refused(refusal));
        }
        self.prepare();
        begin_first(&self, *child).schedule();
        Ok(())
    }

    fn is_settled(&self) -> bool {
        Core::is_settled(self)
    }

    fn supervises(&self) -> Option<(Rules, Vec<Node>)> {
        let roster = self.roster()?;
        Some((Rules::of(&roster.supervision()), children(roster)))
    }

    fn let_go(&self) {
        self.release();
    }

    fn into_any(self: Arc<Self>) -> Arc<dyn Any + Send + Sync> {
        self
    }
}
