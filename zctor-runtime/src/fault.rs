//! Why an ask has no reply, where the runtime says so.

/// Why the runtime answers an ask in the actor's place.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Stopped,
    Crashed,
    Full,
}
