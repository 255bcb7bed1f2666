//! For tests of actors, and of what talks to them.
//!
//! - [`Probe`] is an actor of any protocol that keeps what it gets, for a test
//!   to expect, answer and pass on.
//! - [`Direct`] calls one handler of a state, without any system:
//!   `Counter::handle(&mut state, Counter::Get)`.
//! - [`Recording`] keeps the messages of a live actor, and replays them into a
//!   fresh state.
//! - `#[actor(double)]` makes `CounterDouble`: an actor whose answers are
//!   scripted, one method for each message.
//! - With the feature `proptest`, `ModelTest` sends messages at random, and
//!   compares what comes of them with a model.
//! - [`TestClock`] is the time of systems with real threads: it stands still
//!   until the test moves it.
//! - [`assert_no_leaks`] shuts a system down, and names what is left of it.
//!
//! What stands in for actors works in simulated systems, where time limits are
//! in virtual time, and in real ones. See [`sim`](crate::sim) for what makes a
//! whole system repeatable.
//!
//! It comes with the feature `test` of zctor, which belongs in the
//! dev-dependencies. Doubles need no feature.

mod answered;
mod bench;
mod clock;
mod direct;
mod expectation;
mod got;
mod handled;
mod leak;
mod leaks;
mod log;
#[cfg(feature = "proptest")]
mod model;
mod probe;
mod recorder;
mod recording;

pub use self::clock::TestClock;
pub use self::direct::Direct;
pub use self::expectation::{Expect, Quiet};
pub use self::got::Got;
pub use self::handled::{Handled, SetTimer};
pub use self::leak::{Leak, Leaks};
pub use self::leaks::{LeakCheck, assert_no_leaks, assert_no_leaks_in};
#[cfg(feature = "proptest")]
pub use self::model::{Answer, Disagreement, ModelTest};
pub use self::probe::Probe;
pub use self::recording::{Recorded, Recording};
pub use crate::doubles::{Double, Verify};
