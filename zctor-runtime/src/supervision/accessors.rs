//! What the generated handles of supervisors call.

use std::sync::Arc;

use super::arguments::Arguments;
use super::bond::Key;
use super::calls::{StartChild, handle_of};
use super::child_error::ChildError;
use super::desk::{Command, What};
use super::name::ChildName;
use super::roster::{Origin, Place, Roster};
use crate::context::Context;
use crate::handle::Handle;
use crate::protocol::Protocol;

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
