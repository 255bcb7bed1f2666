//! The actors of a system by protocol, for the protocols that somebody has
//! asked for.

use std::any::TypeId;

use crate::label::ActorId;
use crate::ordered::Ordered;

/// Empty until the first question: programs that ask for no actor by its
/// protocol pay one look for each that they spawn.
#[derive(Default)]
pub(crate) struct Kinds(Vec<Kind>);

struct Kind {
    protocol: TypeId,
    /// By their numbers.
    actors: Ordered<u64, ()>,
    /// Whose turn it was last.
    last: Option<ActorId>,
}

impl Kinds {
    fn get(&self, protocol: TypeId) -> Option<&Kind> {
        self.0.iter().find(|kind| kind.protocol == protocol)
    }

    fn get_mut(&mut self, protocol: TypeId) -> Option<&mut Kind> {
        self.0.iter_mut().find(|kind| kind.protocol == protocol)
    }

    /// Whether the actors of a protocol are known.
    pub(crate) fn has(&self, protocol: TypeId) -> bool {
        self.get(protocol).is_some()
    }

    /// Begins to know the actors of a protocol, which are these and are not known
    /// yet.
    pub(crate) fn begin(&mut self, protocol: TypeId, actors: Vec<ActorId>) {
        let mut kind = Kind {
            protocol,
            actors: Ordered::new(),
            last: None,
        };
        for actor in &actors {
            kind.actors.insert(actor.get(), ());
        }
        self.0.push(kind);
    }

    pub(crate) fn add(&mut self, actor: ActorId, protocol: impl FnOnce() -> TypeId) {
        if self.0.is_empty() {
            return;
        }
        if let Some(kind) = self.get_mut(protocol()) {
            kind.actors.insert(actor.get(), ());
        }
    }

    pub(crate) fn remove(&mut self, actor: ActorId, protocol: impl FnOnce() -> TypeId) {
        if self.0.is_empty() {
            return;
        }
        if let Some(kind) = self.get_mut(protocol()) {
            kind.actors.remove(&actor.get());
        }
    }

    /// One after the other, round and round.
    pub(crate) fn turn(&mut self, protocol: TypeId) -> Option<ActorId> {
        let kind = self.get_mut(protocol)?;
        kind.last = kind.after(kind.last);
        kind.last
    }

    /// The turn of this one was that of another: the next comes behind that. Not
    /// if somebody has had a turn meanwhile.
    pub(crate) fn had_turn_of(&mut self, protocol: TypeId, actor: ActorId, other: ActorId) {
        if let Some(kind) = self.get_mut(protocol)
            && kind.last == Some(actor)
        {
            kind.last = Some(other);
        }
    }

    /// The one behind this one, or the first.
    pub(crate) fn after(&self, protocol: TypeId, actor: ActorId) -> Option<ActorId> {
        self.get(protocol)?.after(Some(actor))
    }

    /// Their numbers, in order.
    pub(crate) fn all(&self, protocol: TypeId) -> Vec<u64> {
        let kind = self.get(protocol);
        kind.map_or_else(Vec::new, |kind| kind.actors.keys())
    }
}

impl Kind {
    fn after(&self, actor: Option<ActorId>) -> Option<ActorId> {
        let behind = actor.and_then(|actor| self.actors.key_after(actor.get()));
        let next = behind.or(self.actors.first_key())?;
        Some(ActorId::new(next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LAMP: fn() -> TypeId = TypeId::of::<u8>;
    const DESK: fn() -> TypeId = TypeId::of::<u16>;

    fn numbers(kinds: &mut Kinds, turns: usize) -> Vec<u64> {
        let turn = |_| kinds.turn(LAMP()).map_or(0, ActorId::get);
        (0..turns).map(turn).collect()
    }

    #[test]
    fn nothing_is_kept_before_somebody_asks() {
        let mut kinds = Kinds::default();
        kinds.add(ActorId::new(1), || panic!("it is not looked at"));
        assert!(!kinds.has(LAMP()));
        kinds.begin(LAMP(), [1, 2].map(ActorId::new).into());
        kinds.add(ActorId::new(3), DESK);
        assert_eq!(kinds.all(LAMP()).len(), 2);
        assert!(!kinds.has(DESK()));
    }

    #[test]
    fn turns_go_round_whoever_comes_and_goes() {
        let mut kinds = Kinds::default();
        assert_eq!(kinds.turn(LAMP()), None);
        kinds.begin(LAMP(), [4, 2, 9].map(ActorId::new).into());
        assert_eq!(numbers(&mut kinds, 4), [2, 4, 9, 2]);
        kinds.remove(ActorId::new(2), LAMP);
        kinds.remove(ActorId::new(4), LAMP);
        kinds.add(ActorId::new(3), LAMP);
        assert_eq!(numbers(&mut kinds, 4), [3, 9, 3, 9]);
        assert_eq!(kinds.after(LAMP(), ActorId::new(9)), Some(ActorId::new(3)));
        // One stands in for another, and somebody comes late.
        kinds.add(ActorId::new(5), LAMP);
        kinds.had_turn_of(LAMP(), ActorId::new(9), ActorId::new(3));
        kinds.had_turn_of(LAMP(), ActorId::new(9), ActorId::new(5));
        assert_eq!(numbers(&mut kinds, 2), [5, 9]);
        kinds.remove(ActorId::new(5), LAMP);
        kinds.remove(ActorId::new(3), LAMP);
        kinds.remove(ActorId::new(9), LAMP);
        assert_eq!(kinds.turn(LAMP()), None);
    }
}
