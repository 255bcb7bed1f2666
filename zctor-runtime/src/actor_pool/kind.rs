//! The protocol of pools.

use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;

/// The protocol of a pool of actors of the protocol `P`: a supervisor that takes
/// no messages. Its handle is an [`ActorPool<P>`](crate::ActorPool).
///
/// It is named where a pool is the child of a supervisor:
///
/// ```
/// use zctor::prelude::*;
/// use zctor::PoolOf;
///
/// #[actor] enum Teller { #[reply(u32)] Serve(u32) }
/// struct Desk;
/// #[handlers] impl TellerActor for Desk { fn serve(&mut self, value: u32) -> u32 { 2 * value } }
///
/// #[supervisor]
/// enum Bank {
///     #[child]
///     Tellers(PoolOf<Teller>),
/// }
/// struct Branch { desks: usize }
/// impl BankChildren for Branch {
///     fn tellers(&mut self, _: &BankHandle) -> Child<PoolOf<Teller>> {
///         Teller::pool_builder(|_index| Desk).size(self.desks).child()
///     }
/// }
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let bank = Bank::start(&system, Branch { desks: 3 }).wait()?;
/// let tellers = bank.tellers();
/// assert_eq!(tellers.len(), 3);
/// assert_eq!(tellers.next().serve(21).wait()?, 42);
/// # system.shutdown().wait() }
/// ```
pub struct PoolOf<P> {
    /// There is no message.
    pub(super) never: Infallible,
    protocol: PhantomData<fn() -> P>,
}

impl<P> fmt::Debug for PoolOf<P> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.never {}
    }
}
