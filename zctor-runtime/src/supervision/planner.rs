//! stub
use super::bond::Key;
use super::declared::*;
use crate::exit::ExitKind;
use std::time::Duration;
pub(crate) struct Rules { pub(crate) strategy: Strategy, pub(crate) max_restarts: u32, pub(crate) within: Duration, pub(crate) auto_shutdown: AutoShutdown, pub(crate) backoff: Option<Backoff> }
pub(crate) struct ChildRules { pub(crate) restart: Restart, pub(crate) significant: bool, pub(crate) kind: Option<&'static str> }
pub(crate) enum Event { Start, StartFailed(Key), Exited { child: Key, incarnation: u64, kind: ExitKind }, Due { child: Key, token: u64 }, Add { child: Key, rules: ChildRules }, Restart(Key), Terminate(Key), Delete(Key) }
pub(crate) enum Refused { NotFound, Running, Restarting, StartFailed }
pub(crate) enum Down { StartFailed(Key), GaveUp(Key), AutoShutdown(Key) }
pub(crate) enum Action { Start { child: Key, incarnation: u64 }, Stop { children: Vec<Key>, keep: bool }, Release(Key), Forget(Key), Retry { child: Key, token: u64, attempt: Option<u32> }, Up, Answer(Result<(), Refused>), Down(Down) }
pub(crate) struct Planner { children: Vec<(Key, ChildRules)>, rules: Rules }
impl Planner {
    pub(crate) fn new(rules: Rules, children: impl Iterator<Item = (Key, ChildRules)>) -> Planner { Planner { children: children.collect(), rules } }
    pub(crate) fn handle(&mut self, _event: Event, _now: Duration) -> Vec<Action> { Vec::new() }
}
