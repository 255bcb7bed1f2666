//! Reply ports of whatever type, as code sees them that knows no protocol.

use std::any::Any;
use std::marker::PhantomData;

use crate::fault::Fault;

/// A port behind which nobody waits.
#[doc(hidden)]
pub trait Nobody: Sized {
    fn nobody() -> Self;
}

/// A reply port whose types are known by name only.
#[doc(hidden)]
pub trait AnyPort: Send + 'static {
    /// One for whoever holds the other end.
    fn open() -> (Self, Box<dyn AnyAnswer>)
    where
        Self: Sized;

    /// The type of the reply.
    fn reply_type(&self) -> &'static str;

    /// The type of the error that `#[reply(T, error = E)]` declares.
    fn error_type(&self) -> Option<&'static str>;

    /// Whether the caller still waits.
    fn is_awaited(&self) -> bool;

    /// Whether somebody has waited, and does no more.
    fn is_withdrawn(&self) -> bool;

    /// Answers: false if the caller has gone.
    ///
    /// # Errors
    /// With the port, if the value is of another type.
    fn answer(self: Box<Self>, value: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>>;

    /// Answers with the declared error, likewise.
    ///
    /// # Errors
    /// With the port, if the error is of another type.
    fn fail(self: Box<Self>, error: Box<dyn Any + Send>) -> Result<bool, Box<dyn AnyPort>>;

    /// The port itself, to be found by its type.
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
}

/// The receiving end of such a port.
#[doc(hidden)]
pub trait AnyAnswer: Send {
    /// What has come by now. What was seen does not come again.
    fn look(&mut self) -> Came;

    /// The type of the reply.
    fn reply_type(&self) -> &'static str;

    /// The type of the declared error.
    fn error_type(&self) -> Option<&'static str>;
}

/// What has come of an ask.
#[doc(hidden)]
#[derive(Debug)]
pub enum Came {
    /// The port is still there.
    Nothing,
    Reply(Box<dyn Any + Send>),
    Failed(Box<dyn Any + Send>),
    Fault(Fault),
    /// The port was dropped.
    Never,
}

/// Whoever has a port for a message that is sealed.
#[doc(hidden)]
pub trait PortMaker {
    fn make<T: AnyPort + Nobody>(&mut self) -> T;
}

/// Whoever takes the port of a message that is opened.
#[doc(hidden)]
pub trait PortTaker {
    fn take<T: AnyPort>(&mut self, port: T);
}

/// Nobody waits for the reply.
pub(crate) struct Discarded;

impl PortMaker for Discarded {
    #[inline]
    fn make<T: AnyPort + Nobody>(&mut self) -> T {
        T::nobody()
    }
}

impl PortTaker for Discarded {
    #[inline]
    fn take<T: AnyPort>(&mut self, port: T) {
        drop(port);
    }
}

/// A port apart from its message.
#[derive(Default)]
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Apart(pub(crate) Option<Box<dyn AnyPort>>);

impl PortTaker for Apart {
    fn take<T: AnyPort>(&mut self, port: T) {
        self.0 = Some(Box::new(port));
    }
}

impl PortMaker for Apart {
    /// The same that was taken, or that of nobody.
    fn make<T: AnyPort + Nobody>(&mut self) -> T {
        let port = self.0.take().map(|port| port.into_any().downcast::<T>());
        match port {
            Some(Ok(port)) => *port,
            _ => T::nobody(),
        }
    }
}

/// The other end of a port that was made.
#[derive(Default)]
#[cfg_attr(not(feature = "test"), allow(dead_code))]
pub(crate) struct Asking(pub(crate) Option<Box<dyn AnyAnswer>>);

impl PortMaker for Asking {
    fn make<T: AnyPort + Nobody>(&mut self) -> T {
        let (port, answer) = T::open();
        self.0 = Some(answer);
        port
    }
}

/// A port by its type. Generated code makes and takes ports through the two
/// traits below, of which the compiler chooses the first one that fits: a
/// reply that cannot be sent is reported where it is declared, and not once
/// more for each use of its port.
#[doc(hidden)]
#[derive(Debug)]
pub struct PortBy<T>(PhantomData<fn() -> T>);

impl<T> PortBy<T> {
    #[must_use]
    #[expect(clippy::new_without_default, reason = "for generated code alone")]
    pub const fn new() -> PortBy<T> {
        PortBy(PhantomData)
    }
}

/// Ports of replies that can be sent.
#[doc(hidden)]
pub trait SoundPort<T> {
    fn zctor_make<M: PortMaker>(&self, ports: &mut M) -> T;
    fn zctor_take<M: PortTaker>(&self, port: T, ports: &mut M);
}

impl<T: AnyPort + Nobody> SoundPort<T> for &PortBy<T> {
    #[inline]
    fn zctor_make<M: PortMaker>(&self, ports: &mut M) -> T {
        ports.make()
    }

    #[inline]
    fn zctor_take<M: PortTaker>(&self, port: T, ports: &mut M) {
        ports.take(port);
    }
}

/// Ports of all others.
#[doc(hidden)]
pub trait UnsoundPort<T> {
    fn zctor_make<M: PortMaker>(&self, ports: &mut M) -> T;
    fn zctor_take<M: PortTaker>(&self, port: T, ports: &mut M);
}

impl<T: Nobody> UnsoundPort<T> for PortBy<T> {
    fn zctor_make<M: PortMaker>(&self, _: &mut M) -> T {
        T::nobody()
    }

    fn zctor_take<M: PortTaker>(&self, port: T, _: &mut M) {
        drop(port);
    }
}
