//! A message that a probe has got.

use std::any::{Any, type_name};
use std::fmt;
use std::time::Duration;

use crate::any_port::{AnyPort, Apart};
use crate::handle::Handle;
use crate::label::ActorLabel;
use crate::protocol::{Kind, Protocol};
use crate::tell_error::TellError;

/// A message that a [`Probe`](crate::test_kit::Probe) has got, with the reply that
/// its sender waits for, if it is an ask.
///
/// Dropped without an answer, the caller of an ask gets
/// [`AskError::NoReply`](crate::AskError::NoReply).
///
/// ```
/// use zctor::prelude::*;
/// use zctor::sim::Sim;
/// use zctor::test::Probe;
///
/// #[derive(Debug, PartialEq)]
/// #[actor]
/// enum Bank { Deposit(u32), #[reply(u32, error = String)] Withdraw(u32) }
///
/// let sim = Sim::new(1);
/// let probe = Probe::<Bank>::new(sim.system());
/// let bank = probe.handle();
///
/// bank.deposit(5).unwrap();
/// assert_eq!(probe.expect(BankKind::Deposit).wait().message(), &Bank::Deposit(5));
///
/// let taken = bank.withdraw(3).send();
/// probe.expect(BankKind::Withdraw).wait().reply(2u32);
/// assert_eq!(taken.wait().unwrap(), 2);
///
/// let refused = bank.withdraw(9).send();
/// probe.next().wait().fail("no money".to_owned());
/// assert!(matches!(refused.wait(), Err(AskError::Failed(why)) if why == "no money"));
/// ```
#[must_use = "dropped, the caller of an ask gets `NoReply`"]
pub struct Got<P: Protocol> {
    pub(super) number: usize,
    pub(super) message: P,
    pub(super) kind: P::Kind,
    pub(super) port: Apart,
    pub(super) at: Duration,
    pub(super) by: ActorLabel,
    /// A copy: the message itself went on to another actor.
    pub(super) passed_on: bool,
}

impl<P: Protocol> Got<P> {
    /// The message.
    #[must_use]
    pub fn message(&self) -> &P {
        &self.message
    }

    /// Takes the message out. The caller of an ask gets
    /// [`AskError::NoReply`](crate::AskError::NoReply).
    #[must_use]
    pub fn into_message(self) -> P {
        self.message
    }

    /// Which message it is.
    #[must_use]
    pub fn kind(&self) -> P::Kind {
        self.kind
    }

    /// When the probe got it, since the probe was made, by the clock of its
    /// system.
    #[must_use]
    pub fn at(&self) -> Duration {
        self.at
    }

    /// Whether somebody waits for a reply now.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        self.port.0.as_ref().is_some_and(|port| port.is_awaited())
    }

    /// Answers the ask. If its caller has gone, or it was told and not asked,
    /// the value is dropped.
    ///
    /// # Panics
    /// If the message is no ask, or its reply is of another type: the text has
    /// the actor, the message and both types. A number without a suffix is an
    /// `i32`, so write `reply(2u32)`.
    #[track_caller]
    pub fn reply<T: Any + Send>(self, value: T) {
        let (text, port) = self.port("answered");
        if let Err(port) = port.answer(Box::new(value)) {
            let (wanted, found) = (port.reply_type(), type_name::<T>());
            panic!("{text} was answered with a `{found}`, and its reply is a `{wanted}`");
        }
    }

    /// Answers the ask with the error of its `#[reply(T, error = E)]`: the
    /// caller gets [`AskError::Failed`](crate::AskError::Failed).
    ///
    /// # Panics
    /// If the message is no ask, has no such error, or one of another type.
    #[track_caller]
    pub fn fail<E: Any + Send>(self, error: E) {
        let (text, port) = self.port("failed");
        if let Err(port) = port.fail(Box::new(error)) {
            let found = type_name::<E>();
            match port.error_type() {
                Some(wanted) => {
                    panic!("{text} was failed with a `{found}`, and its error is a `{wanted}`")
                }
                None => {
                    panic!("{text} was failed with a `{found}`, and its `#[reply]` has no `error`")
                }
            }
        }
    }

    /// Passes the message on to another actor of the protocol, with the reply
    /// that its sender waits for. It does not wait for room.
    ///
    /// # Errors
    /// If that actor has ended or its mailbox is full: the message is given
    /// back, and its caller gets [`AskError::NoReply`](crate::AskError::NoReply).
    ///
    /// # Panics
    /// If it was passed on by [`Probe::spy`](crate::test_kit::Probe::spy) already.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Probe;
    ///
    /// #[actor] enum Oracle { #[reply(u32)] Answer }
    /// struct Deep;
    /// #[handlers] impl OracleActor for Deep { fn answer(&self) -> u32 { 42 } }
    ///
    /// let sim = Sim::new(1);
    /// let oracle = Oracle::spawn(sim.system(), Deep);
    /// let probe = Probe::<Oracle>::new(sim.system());
    /// let answer = probe.handle().answer().send();
    /// probe.next().wait().forward(&oracle).unwrap();
    /// assert_eq!(answer.wait().unwrap(), 42);
    /// ```
    #[track_caller]
    pub fn forward(mut self, to: &Handle<P>) -> Result<(), TellError<P>> {
        assert!(!self.passed_on, "{} was passed on already", self.text());
        to.tell_envelope(self.message.seal_with(&mut self.port))
    }

    fn text(&self) -> String {
        format!(
            "`{}::{}` of the probe {}",
            P::NAME,
            self.kind.name(),
            self.by
        )
    }

    #[track_caller]
    fn port(self, done: &str) -> (String, Box<dyn AnyPort>) {
        let text = self.text();
        assert!(
            !self.passed_on,
            "{text} was {done}, and had been passed on before"
        );
        match self.port.0 {
            Some(port) => (text, port),
            None => panic!("{text} was {done}, and it is no ask"),
        }
    }
}

impl<P: Protocol + fmt::Debug> fmt::Debug for Got<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Got")
            .field("message", &self.message)
            .field("at", &self.at)
            .field("awaited", &self.is_awaited())
            .finish_non_exhaustive()
    }
}
