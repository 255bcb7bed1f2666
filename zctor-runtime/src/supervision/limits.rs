//! Whether limits are long enough: at compile time.

use super::declared::Patience;
use super::spec::{LIMIT, Supervision};
use super::stop_time::{StopTime, of};

/// That of so many children with this limit. `supervises` and `needs` are what their protocol says.
#[doc(hidden)]
#[must_use]
pub const fn stop_time(
    supervises: Option<&'static Supervision>,
    needs: StopTime,
    given: Option<Patience>,
    count: usize,
) -> StopTime {
    let one = match (given, supervises) {
        // Without a limit of its own it takes what its children may.
        (None | Some(Patience::Infinity), Some(_)) => needs,
        (None, None) => of(LIMIT),
        (Some(patience), _) => of(patience),
    };
    one.times(count)
}
