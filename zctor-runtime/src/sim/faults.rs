//! Faults at random: which, and how often.

use std::any::TypeId;
use std::time::Duration;

use crate::protocol::Protocol;

/// What goes wrong at random in a simulation, and how often: with `one_in` of
/// 200, each message has a chance of 1 in 200. Nothing does unless it is said
/// here. Which fault comes when is decided by the seed.
///
/// ```
/// use std::time::Duration;
/// use zctor::prelude::*;
/// use zctor::sim::{Explorer, Faults};
///
/// #[actor]
/// enum Log { Note(u32), #[reply(usize)] Count }
/// #[derive(Default)]
/// struct Book(Vec<u32>);
/// #[handlers]
/// impl LogActor for Book {
///     fn note(&mut self, number: u32) { self.0.push(number) }
///     fn count(&self) -> usize { self.0.len() }
/// }
///
/// let faults = Faults::new()
///     .lose::<Log>(10)
///     .delay::<Log>(10, Duration::from_millis(5))
///     .at_most(3);
/// Explorer::new(0..50).faults(faults).check(|system| async move {
///     let log = Log::spawn(&system, Book::default());
///     (0..10).for_each(|number| log.note(number).unwrap());
///     let count = log.count().await.unwrap();
///     assert!((7..=10).contains(&count), "{count}");
/// });
/// ```
#[derive(Debug, Clone, Default)]
pub struct Faults {
    panics: Vec<Chance>,
    kills: Vec<Chance>,
    holds: Vec<Chance>,
    losses: Vec<Chance>,
    delays: Vec<Chance>,
    jumps: Option<Chance>,
    most: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
struct Chance {
    protocol: Option<TypeId>,
    one_in: u32,
    up_to: Duration,
}

impl Chance {
    fn of<P: Protocol>(one_in: u32, up_to: Duration) -> Chance {
        Chance {
            protocol: Some(TypeId::of::<P>()),
            one_in,
            up_to,
        }
    }
}

/// What happens to a message at random.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blow {
    Panic,
    Kill,
    Hold(Duration),
    Lose,
    Delay(Duration),
}

impl Faults {
    /// None.
    #[must_use]
    pub fn new() -> Faults {
        Faults::default()
    }

    /// Handlers of `P` panic, one in so many messages. 0 is never.
    #[must_use]
    pub fn panic<P: Protocol>(mut self, one_in: u32) -> Faults {
        self.panics.push(Chance::of::<P>(one_in, Duration::ZERO));
        self
    }

    /// Actors of `P` are killed while they handle a message, one in so many.
    #[must_use]
    pub fn kill<P: Protocol>(mut self, one_in: u32) -> Faults {
        self.kills.push(Chance::of::<P>(one_in, Duration::ZERO));
        self
    }

    /// Actors of `P` are held up before they take a message, one in so many,
    /// for up to so long.
    #[must_use]
    #[doc(alias = "slow")]
    pub fn hold<P: Protocol>(mut self, one_in: u32, up_to: Duration) -> Faults {
        self.holds.push(Chance::of::<P>(one_in, up_to));
        self
    }

    /// Tells to actors of `P` never arrive, one in so many.
    #[must_use]
    #[doc(alias = "drop")]
    pub fn lose<P: Protocol>(mut self, one_in: u32) -> Faults {
        self.losses.push(Chance::of::<P>(one_in, Duration::ZERO));
        self
    }

    /// Tells to actors of `P` are late, one in so many, by up to so much.
    #[must_use]
    pub fn delay<P: Protocol>(mut self, one_in: u32, up_to: Duration) -> Faults {
        self.delays.push(Chance::of::<P>(one_in, up_to));
        self
    }

    /// The clock jumps ahead, once in so many steps, by up to so much.
    #[must_use]
    pub fn jump_clock(mut self, one_in: u32, up_to: Duration) -> Faults {
        self.jumps = Some(Chance {
            protocol: None,
            one_in,
            up_to,
        });
        self
    }

    /// No more than so many in a run.
    #[must_use]
    pub fn at_most(self, faults: u32) -> Faults {
        Faults {
            most: Some(faults),
            ..self
        }
    }
}

/// Draws faults.
#[derive(Debug)]
pub(super) struct Dice {
    faults: Faults,
    random: fastrand::Rng,
    drawn: u32,
}

impl Dice {
    pub(super) fn new(faults: Faults, random: fastrand::Rng) -> Dice {
        Dice {
            faults,
            random,
            drawn: 0,
        }
    }

    fn draw(
        &mut self,
        chances: fn(&Faults) -> &[Chance],
        protocol: Option<TypeId>,
    ) -> Option<Chance> {
        if self.faults.most.is_some_and(|most| self.drawn >= most) {
            return None;
        }
        for chance in chances(&self.faults) {
            if chance.protocol == protocol
                && chance.one_in > 0
                && self.random.u32(..chance.one_in) == 0
            {
                self.drawn += 1;
                return Some(*chance);
            }
        }
        None
    }

    fn time(&mut self, chance: Chance) -> Duration {
        let most = u64::try_from(chance.up_to.as_nanos()).unwrap_or(u64::MAX);
        Duration::from_nanos(self.random.u64(0..=most))
    }

    /// What happens to an actor that begins to handle a message.
    pub(super) fn at_message(&mut self, protocol: TypeId) -> Option<Blow> {
        let protocol = Some(protocol);
        if self.draw(|faults| &faults.panics, protocol).is_some() {
            return Some(Blow::Panic);
        }
        if self.draw(|faults| &faults.kills, protocol).is_some() {
            return Some(Blow::Kill);
        }
        // Before its next one: that is when it can be held up.
        let chance = self.draw(|faults| &faults.holds, protocol)?;
        Some(Blow::Hold(self.time(chance)))
    }

    /// What happens to a tell on its way.
    pub(super) fn at_send(&mut self, protocol: TypeId) -> Option<Blow> {
        let protocol = Some(protocol);
        if self.draw(|faults| &faults.losses, protocol).is_some() {
            return Some(Blow::Lose);
        }
        let chance = self.draw(|faults| &faults.delays, protocol)?;
        Some(Blow::Delay(self.time(chance)))
    }

    /// By how much the clock jumps.
    pub(super) fn at_step(&mut self) -> Option<Duration> {
        let chance = self.draw(|faults| faults.jumps.as_slice(), None)?;
        Some(self.time(chance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_unless_it_is_asked_for() {
        let mut dice = Dice::new(Faults::new(), fastrand::Rng::with_seed(1));
        let any = TypeId::of::<u8>();
        assert_eq!(dice.at_message(any), None);
        assert_eq!(dice.at_send(any), None);
        assert_eq!(dice.at_step(), None);
    }

    #[test]
    fn about_one_in_so_many_and_no_more_than_so_many() {
        let faults = Faults::new().jump_clock(10, Duration::from_secs(1));
        let count = |faults| {
            let mut dice = Dice::new(faults, fastrand::Rng::with_seed(1));
            let drawn: Vec<_> = (0..10_000).filter_map(|_| dice.at_step()).collect();
            assert!(drawn.iter().all(|by| *by <= Duration::from_secs(1)));
            drawn.len()
        };
        assert!((900..1100).contains(&count(faults.clone())));
        assert_eq!(count(faults.at_most(7)), 7);
        assert_eq!(count(Faults::new().jump_clock(0, Duration::MAX)), 0);
    }
}
