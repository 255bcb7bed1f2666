//! Tells whose loss does not matter.

use crate::protocol::Protocol;
use crate::tell::Tell;
use crate::tell_error::TellError;

/// A tell whose loss does not matter: `counter.add(5).or_drop()`.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor]
/// enum Meter { Count(u32) }
/// struct Needle;
/// #[handlers] impl MeterActor for Needle { fn count(&mut self, _value: u32) {} }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let meter = Meter::spawn(&system, Needle);
/// meter.stop();
/// meter.count(1).or_drop();
/// assert_eq!(meter.dropped(), 1);
/// # system.shutdown().wait() }
/// ```
pub trait OrDrop {
    /// Drops a message that could not be queued; its actor counts it among
    /// those that it [dropped](crate::Handle::dropped). It does not wait: a
    /// [`Tell`] is queued if there is room now.
    fn or_drop(self);
}

impl<P> OrDrop for Result<(), TellError<P>> {
    fn or_drop(self) {
        if let Err(error) = self {
            error.count_as_dropped();
        }
    }
}

impl<P: Protocol> OrDrop for Tell<P> {
    fn or_drop(self) {
        self.try_now().or_drop();
    }
}
