//! What came of a message to many.

use std::fmt;

use crate::protocol::Protocol;
use crate::tell_error::TellError;

/// What came of a message that was sent to many actors: see
/// [`ActorPool::broadcast`](crate::ActorPool::broadcast) and
/// [`System::broadcast`](crate::System::broadcast).
///
/// Each of those that did not take it gave its copy back.
///
/// ```
/// use zctor::prelude::*;
///
/// #[actor(mailbox = 2, overflow = reject)]
/// #[derive(Clone)]
/// enum Lamp { Dim(u8) }
/// struct Bulb;
/// #[handlers] impl LampActor for Bulb { fn dim(&mut self, _value: u8) {} }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let (hall, attic) = (Lamp::spawn(&system, Bulb), Lamp::spawn(&system, Bulb));
/// attic.stop();
/// attic.stopped().wait()?;
/// let lamps = Lamp::pool(&system, 3, |_index| Bulb);
/// lamps.started().wait()?;
///
/// let report = system.broadcast(Lamp::Dim(7))?;
/// assert!(report.is_complete());
/// assert_eq!(report.to_string(), "delivered to 4");
/// for error in report.into_refused() {
///     println!("{error}");
///     let Lamp::Dim(_level) = error.into_message();
/// }
/// # drop(hall);
/// # system.shutdown().wait() }
/// ```
#[must_use = "it says who did not take the message"]
pub struct Broadcast<P> {
    delivered: usize,
    refused: Vec<TellError<P>>,
}

impl<P: Protocol> Broadcast<P> {
    /// Gives a clone of the message to each, and the message itself to the last.
    pub(crate) fn to<T>(
        actors: Vec<T>,
        message: P,
        tell: impl Fn(&T, P) -> Result<(), TellError<P>>,
    ) -> Broadcast<P>
    where
        P: Clone,
    {
        let mut report = Broadcast {
            delivered: 0,
            refused: Vec::new(),
        };
        if let Some((last, others)) = actors.split_last() {
            for actor in others {
                report.add(tell(actor, message.clone()));
            }
            report.add(tell(last, message));
        }
        report
    }

    fn add(&mut self, told: Result<(), TellError<P>>) {
        match told {
            Ok(()) => self.delivered += 1,
            Err(error) => self.refused.push(error),
        }
    }
}

impl<P> Broadcast<P> {
    /// How many took it: what they make of it is theirs.
    #[must_use]
    pub fn delivered(&self) -> usize {
        self.delivered
    }

    /// Those that did not take it, and why.
    #[must_use]
    pub fn refused(&self) -> &[TellError<P>] {
        &self.refused
    }

    /// The same, with the messages in them.
    #[must_use]
    pub fn into_refused(self) -> Vec<TellError<P>> {
        self.refused
    }

    /// Whether all took it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.refused.is_empty()
    }
}

/// `delivered to 3, refused by 1`
impl<P> fmt::Display for Broadcast<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "delivered to {}", self.delivered)?;
        match self.refused.len() {
            0 => Ok(()),
            refused => write!(f, ", refused by {refused}"),
        }
    }
}

impl<P> fmt::Debug for Broadcast<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast")
            .field("delivered", &self.delivered)
            .field("refused", &self.refused)
            .finish()
    }
}
