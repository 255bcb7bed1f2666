//! The arena of a message.

use std::fmt;
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use bumpalo::Bump;

use super::home::Home;

/// Memory for the time of a message: a [`Bump`] that belongs to the handler
/// that has asked for it, with [`Context::arena`](crate::Context::arena) or
/// [`Context::split_arena`](crate::Context::split_arena).
///
/// It dereferences to the [`Bump`]; where exactly a `&Bump` is wanted, take
/// `&*arena`. What is allocated in it borrows from this value, and this value
/// from the context of the handler. So neither can be
/// kept in the state, be sent, or be the reply: the compiler refuses it. When it
/// is dropped, at the end of the handler at the latest and whether that
/// succeeds, fails or is dropped where it awaits, everything in it is freed at
/// once, and its memory waits for the next message. (Who moves the [`Bump`] itself
/// out, by [`std::mem::take`], has it for himself: it is the memory of no message
/// then, and is not used again.)
///
/// As with any [`Bump`], what is allocated in it is freed without being
/// dropped: a `String` of the standard library in it would leak.
/// [`bumpalo::boxed::Box`] and [`bumpalo::collections::Vec`] drop what they hold.
///
/// # In async handlers
///
/// It may be held across an `.await`, and so may references to what is allocated
/// in it: `&str`, `&[T]`, `&mut T`. What holds a reference to the [`Bump`]
/// itself may not, as that cannot be shared among threads, and handlers move
/// among them. Those are the collections while they grow, and `&Bump` as a
/// parameter of an `async fn`; the compiler says "future cannot be sent between
/// threads safely", and shows the value. Turn a collection into a slice before
/// the `.await` ([`into_bump_str`](bumpalo::collections::String::into_bump_str),
/// [`into_bump_slice`](bumpalo::collections::Vec::into_bump_slice)), and give
/// an `async fn` the arena as `&mut Bump`.
///
/// ```
/// use zctor::arena::Bump;
/// use zctor::bumpalo;
/// use zctor::prelude::*;
///
/// #[actor] enum Prices { #[reply(u32)] Of(String) }
/// struct List;
/// #[handlers] impl PricesActor for List {
///     fn of(&self, value: String) -> u32 { 3 * value.len() as u32 }
/// }
///
/// #[actor] enum Till { #[reply(String)] Bill(String) }
/// struct Register { prices: PricesHandle }
/// #[handlers] impl TillActor for Register {
///     async fn bill(&mut self, names: String, ctx: &mut Context<Till>) -> Result<String, AskError> {
///         let arena = ctx.arena();
///         let mut lines = "";
///         for name in names.split(' ') {
///             let price = self.prices.of(name.to_owned()).await?;
///             lines = bumpalo::format!(in &arena, "{}{}: {}\n", lines, name, price).into_bump_str();
///         }
///         Ok(lines.to_owned())
///     }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let prices = Prices::spawn(&system, List);
/// let till = Till::spawn(&system, Register { prices });
/// assert_eq!(till.bill("tea bread".to_owned()).wait()?, "tea: 9\nbread: 15\n");
/// # system.shutdown().wait() }
/// ```
#[must_use = "it is reset when it is dropped"]
pub struct MessageArena<'m> {
    /// There until this is dropped.
    bump: Option<Box<Bump>>,
    home: Arc<Home>,
    /// The context of the handler.
    message: PhantomData<&'m ()>,
}

const HELD: &str = "the memory leaves with its holder";

impl<'m> MessageArena<'m> {
    /// It must not outlive the handler, which the caller sees to with `'m`.
    pub(crate) fn open(home: &Arc<Home>) -> MessageArena<'m> {
        MessageArena {
            bump: Some(home.take()),
            home: Arc::clone(home),
            message: PhantomData,
        }
    }
}

impl Deref for MessageArena<'_> {
    type Target = Bump;

    #[inline]
    fn deref(&self) -> &Bump {
        self.bump.as_deref().expect(HELD)
    }
}

impl DerefMut for MessageArena<'_> {
    #[inline]
    fn deref_mut(&mut self) -> &mut Bump {
        self.bump.as_deref_mut().expect(HELD)
    }
}

impl Drop for MessageArena<'_> {
    #[inline]
    fn drop(&mut self) {
        if let Some(bump) = self.bump.take() {
            self.home.put_back(bump);
        }
    }
}

impl fmt::Debug for MessageArena<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MessageArena")
            .field("allocated_bytes", &self.allocated_bytes())
            .finish()
    }
}
