//! The error of a message that was sent by its type.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use crate::hub::Hub;
use crate::protocol::{Kind, Protocol};

/// A message that no actor of its protocol has taken, with the message: see
/// [`System::send`](crate::System::send).
///
/// It is an error whatever the protocol is: it needs neither `Debug` nor `Sync` of
/// the messages.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::NotSent;
///
/// #[actor] enum Lamp { Dim(u8) }
/// # fn main() -> zctor::Result<()> {
/// let system = System::builder().name("house").build()?;
/// let error = system.send(Lamp::Dim(3)).unwrap_err();
/// assert_eq!(error.to_string(), "`Dim` was not sent: there is no actor of `Lamp` in the system `house`");
/// assert_eq!(error.reason(), NotSent::NoActor);
/// let Lamp::Dim(level) = error.into_message();
/// assert_eq!(level, 3);
/// # system.shutdown().wait() }
/// ```
pub struct SendError<P>(Box<Inner<P>>);

struct Inner<P> {
    hub: Arc<Hub>,
    protocol: &'static str,
    kind: &'static str,
    reason: NotSent,
    /// Never locked: a mutex makes the error `Sync` for every message.
    message: Mutex<P>,
}

/// Why a message was sent to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NotSent {
    /// There is no actor of that protocol, or none that takes messages.
    NoActor,
    /// The mailboxes are full, so that it may work later.
    Full,
}

impl<P: Protocol> SendError<P> {
    #[cold]
    pub(crate) fn new(hub: &Arc<Hub>, envelope: P::Envelope, reason: NotSent) -> SendError<P> {
        SendError(Box::new(Inner {
            hub: Arc::clone(hub),
            protocol: P::NAME,
            kind: P::kind(&envelope).name(),
            reason,
            message: Mutex::new(P::open(envelope)),
        }))
    }
}

impl<P> SendError<P> {
    /// The message.
    #[must_use]
    pub fn into_message(self) -> P {
        let message = self.0.message;
        message.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Why it was not sent.
    #[must_use]
    pub fn reason(&self) -> NotSent {
        self.0.reason
    }

    /// The name of the message's variant.
    #[must_use]
    pub fn message_name(&self) -> &'static str {
        self.0.kind
    }
}

impl<P> fmt::Display for SendError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner {
            hub,
            protocol,
            kind,
            reason,
            ..
        } = &*self.0;
        let system = &hub.name;
        write!(f, "`{kind}` was not sent: ")?;
        match reason {
            NotSent::NoActor => write!(
                f,
                "there is no actor of `{protocol}` in the system `{system}`"
            ),
            NotSent::Full => write!(
                f,
                "the mailboxes of all `{protocol}` in the system `{system}` are full"
            ),
        }
    }
}

impl<P> fmt::Debug for SendError<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendError")
            .field("protocol", &self.0.protocol)
            .field("message", &self.0.kind)
            .field("reason", &self.0.reason)
            .finish()
    }
}

impl<P> std::error::Error for SendError<P> {}
