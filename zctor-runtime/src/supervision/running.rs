//! Running supervisors as trees.

use std::sync::Arc;

use super::info::ChildState;
use super::roster::{Roster, Row};
use super::supervisor::Supervisor;
use super::tree::{Node, Now, Rules, Terms, Tree};
use crate::handle::Handle;
use crate::protocol::Protocol;

impl<P: Supervisor> Handle<P> {
    /// The supervisor, its children and theirs as they are now. It waits for
    /// nobody: of a tree that changes meanwhile, each supervisor is shown as it
    /// was at some time.
    ///
    /// ```
    /// # use zctor::prelude::*;
    /// # #[actor] enum Lamp { On }
    /// # struct Bulb;
    /// # #[handlers] impl LampActor for Bulb { fn on(&mut self) {} }
    /// #[supervisor] enum House { #[child] Hall(Lamp) }
    /// struct Plan;
    /// impl HouseChildren for Plan {
    ///     fn hall(&mut self, _: &HouseHandle) -> Child<Lamp> { Lamp::child(Bulb) }
    /// }
    /// # fn main() -> zctor::Result<()> {
    /// # let system = System::new()?;
    /// let house = House::start(&system, Plan).wait()?;
    /// assert_eq!(house.running_tree().to_string(), "\
    /// House#1: running, one_for_one, max 3 restarts within 60s
    /// └── hall: Lamp#2, running, permanent, shutdown 5s");
    /// # system.shutdown().wait() }
    /// ```
    #[must_use]
    pub fn running_tree(&self) -> Tree {
        self.tree_now()
    }
}

impl<P: Protocol> Handle<P> {
    pub(crate) fn tree_now(&self) -> Tree {
        let roster = self.cell().roster();
        let state = match self.is_alive() {
            true => ChildState::Running,
            false => ChildState::Stopped,
        };
        Tree {
            root: Node {
                name: None,
                protocol: P::NAME,
                supervises: roster.map(|roster| Rules::of(&roster.supervision())),
                child: None,
                now: Some(Now {
                    id: self.id(),
                    state,
                    incarnation: self.cell().incarnation(),
                    restarts: 0,
                }),
                children: roster.map_or_else(Vec::new, |roster| children(roster)),
                again: false,
            },
        }
    }
}

/// Those of one supervisor, and then theirs: never two locks at once.
pub(crate) fn children(roster: &Roster) -> Vec<Node> {
    let rows = roster.with(|rows| {
        rows.all
            .pick(|row| (!row.deleted).then(|| (node(row), Arc::clone(&row.actor))))
    });
    let mut nodes = Vec::new();
    for (mut node, actor) in rows {
        if let Some((rules, children)) = actor.supervises() {
            node.supervises = Some(rules);
            node.children = children;
        }
        nodes.push(node);
    }
    nodes
}

fn node(row: &Row) -> Node {
    Node {
        name: Some(row.name.to_string()),
        protocol: row.protocol,
        supervises: None,
        child: Some(Terms {
            restart: row.restart,
            shutdown: row.patience,
            significant: row.significant,
            dynamic: row.is_dynamic(),
            count: None,
        }),
        now: Some(Now {
            id: row.actor.label().id(),
            state: row.state,
            incarnation: row.actor.incarnation(),
            restarts: row.starts.saturating_sub(1),
        }),
        children: Vec::new(),
        again: false,
    }
}
