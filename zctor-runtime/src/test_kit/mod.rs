//! For tests of actors, and of what talks to them.
//!
//! - [`TestClock`] is the time of systems with real threads: it stands still
//!   until the test moves it.
//! - [`assert_no_leaks`] shuts a system down, and names what is left of it.

mod clock;
mod leak;
mod leaks;

pub use self::clock::TestClock;
pub use self::leak::{Leak, Leaks};
pub use self::leaks::{LeakCheck, assert_no_leaks, assert_no_leaks_in};
