//! One handler of a state, called without any system.

use std::future::Future;

use super::bench::{Bench, at_once, has_to_wait};
use super::handled::Handled;
use crate::handled_by::HandledBy;
use crate::protocol::with_kind;

/// Calls a handler of a state, without any system: `Counter::handle(&mut state,
/// Counter::Get)`. Implemented for every protocol, and not in the prelude.
///
/// The handler gets a context of its own. What it says of time and random
/// numbers is the same in each call: the clock begins anew, stands still while
/// the handler runs, and jumps on when it sleeps. Its handles lead to an actor
/// that handles nothing, and that has ended when the call is over; what is sent
/// through them is in [`Handled::sent`]. Actors that the handler spawns do not
/// run, and end with the call. `.wait()` is refused, as in handlers on workers.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::test::Direct;
///
/// #[actor]
/// enum Counter { Add(i64), #[reply(i64)] Get }
/// #[derive(Default)] struct Tally(i64);
/// #[handlers]
/// impl CounterActor for Tally {
///     fn add(&mut self, by: i64) { self.0 += by }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// let mut tally = Tally::default();
/// let _ = Counter::handle(&mut tally, Counter::Add(5));
/// assert_eq!(Counter::handle(&mut tally, Counter::Get).reply::<i64>(), 5);
/// ```
pub trait Direct: crate::protocol::Protocol {
    /// Calls the handler of `message`. Batches have this message alone. The hook
    /// `ready` is not asked, and no other hook is called.
    ///
    /// # Panics
    /// If the handler has to wait for something, such as the answer of another
    /// actor: [`handle_async`](Direct::handle_async) can. (It may sleep.) And if
    /// the handler panics.
    ///
    /// ```should_panic
    /// use zctor::prelude::*;
    /// use zctor::test::Direct;
    ///
    /// # #[actor] enum Stock { #[reply(u32)] Take }
    /// #[actor] enum Shop { #[reply(u32)] Buy }
    /// struct Till { stock: StockHandle }
    /// #[handlers] impl ShopActor for Till {
    ///     async fn buy(&mut self) -> Result<u32, Failure> { Ok(self.stock.take().await?) }
    /// }
    /// # let system = System::new().unwrap();
    /// # let stock = zctor::test::Probe::<Stock>::new(&system);
    /// # let stock = stock.handle();
    /// // the handler of `Shop::Buy` has to wait for something outside of it:
    /// // call it with `Shop::handle_async(&mut state, message).await`
    /// let _ = Shop::handle(&mut Till { stock }, Shop::Buy);
    /// ```
    #[track_caller]
    fn handle<S>(state: &mut S, message: Self) -> Handled<Self>
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        let (message, kind) = with_kind(message);
        match at_once(Self::handle_async(state, message)) {
            Some(handled) => handled,
            None => {
                let instead = format!("{}::handle_async(&mut state, message).await", Self::NAME);
                panic!("{}", has_to_wait::<Self>(kind, &instead))
            }
        }
    }

    /// The same of a handler that waits, for the answers of other actors for
    /// instance. Any executor can run it; in a simulation it is
    /// `sim.block_on(Counter::handle_async(…))`.
    ///
    /// While it waits for others, its own clock does not: when it waits for both,
    /// as in a `select`, the time comes first. What it asks itself, through a
    /// handle of its own, is never answered.
    ///
    /// # Panics
    /// If the handler panics.
    ///
    /// # Cancel safety
    /// Dropped, the handler is dropped where it waits, as by a kill.
    ///
    /// ```
    /// use zctor::prelude::*;
    /// use zctor::sim::Sim;
    /// use zctor::test::Direct;
    ///
    /// # #[actor] enum Stock { #[reply(u32)] Take }
    /// # struct Shelf;
    /// # #[handlers] impl StockActor for Shelf { fn take(&mut self) -> u32 { 7 } }
    /// #[actor] enum Shop { #[reply(u32)] Buy }
    /// struct Till { stock: StockHandle }
    /// #[handlers] impl ShopActor for Till {
    ///     async fn buy(&mut self) -> Result<u32, Failure> { Ok(self.stock.take().await?) }
    /// }
    ///
    /// let sim = Sim::new(1);
    /// let stock = Stock::spawn(sim.system(), Shelf);
    /// let mut till = Till { stock };
    /// let mut handled = sim.block_on(Shop::handle_async(&mut till, Shop::Buy)).unwrap();
    /// assert_eq!(handled.reply::<u32>(), 7);
    /// ```
    fn handle_async<S>(state: &mut S, message: Self) -> impl Future<Output = Handled<Self>> + Send
    where
        Self: HandledBy<S>,
        S: Send + 'static,
    {
        async move {
            let mut bench = Bench::new();
            let mut handled = bench.call(state, message).await;
            bench.end(&mut handled);
            handled
        }
    }
}

impl<P: crate::protocol::Protocol> Direct for P {}
