//! Whether limits are long enough: at compile time.

use super::declared::Patience;
use super::spec::LIMIT;
use super::stop_time::{StopTime, of};
use crate::protocol::Protocol;

/// That of so many children with this limit.
#[doc(hidden)]
#[must_use]
pub const fn stop_time<P: Protocol>(given: Option<Patience>, count: usize) -> StopTime {
    let one = match (given, P::SUPERVISES) {
        // Without a limit of its own it takes what its children may.
        (None | Some(Patience::Infinity), Some(_)) => P::STOP_TIME,
        (None, None) => of(LIMIT),
        (Some(patience), _) => of(patience),
    };
    one.times(count)
}
