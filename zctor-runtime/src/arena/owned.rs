//! The arena of a request.

use std::fmt;
use std::ops::{Deref, DerefMut};

use bumpalo::Bump;

use super::LIMIT;
use super::store::Store;

/// Memory for the time of a request, which its owner sends along from actor to
/// actor: a field of each message, and of the reply.
///
/// It has two parts. What is to travel is *stored*
/// ([`put`](Store::put), [`put_str`](Store::put_str), [`put_all`](Store::put_all)),
/// and the next actor finds it again by its [`Stored`](crate::arena::Stored):
/// that is what goes with the arena in the message. What only one handler needs
/// is allocated in its [`bump`](Arena::bump), and borrows from it: the compiler
/// refuses to send the arena on while any of that is in use.
///
/// Like everything in a message it has one owner at a time. It can be
/// [`reset`](Arena::reset), and then has its memory for the next request: from a
/// [`Pool`](crate::Pool) it is, wherever it was dropped.
///
/// ```
/// use zctor::arena::{Arena, Stored};
/// use zctor::bumpalo::collections::Vec;
/// use zctor::prelude::*;
/// use zctor::{Pool, Pooled};
///
/// type Request = Pooled<Arena>;
///
/// /// Takes a line apart.
/// #[actor] enum Parser { #[reply((), deferred)] Line(Request, Stored<str>) }
/// struct Split { sum: SumHandle }
/// #[handlers] impl ParserActor for Split {
///     fn line(&mut self, mut arena: Request, line: Stored<str>, reply: Reply<()>) -> Result<(), Failure> {
///         let (bump, store) = arena.split();
///         // For the time of this handler:
///         let words = Vec::from_iter_in(store.get(line)?.split(' '), bump).into_bump_slice();
///         // For the next actor:
///         let numbers = words.iter().filter_map(|word| word.parse::<i64>().ok());
///         let numbers = Vec::from_iter_in(numbers, bump).into_bump_slice();
///         let numbers = store.put_all(numbers.iter().copied());
///         self.sum.add(arena, numbers)?;
///         reply.send(());
///         Ok(())
///     }
/// }
///
/// #[actor] enum Sum { Add(Request, Stored<[i64]>), #[reply(i64)] Get }
/// struct Total(i64);
/// #[handlers] impl SumActor for Total {
///     fn add(&mut self, arena: Request, numbers: Stored<[i64]>) -> Result<(), Failure> {
///         self.0 += arena.get(numbers)?.iter().sum::<i64>();
///         Ok(()) // and the arena goes back to the pool
///     }
///     fn get(&self) -> i64 { self.0 }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let sum = Sum::spawn(&system, Total(0));
/// let parser = Parser::spawn(&system, Split { sum: sum.clone() });
/// let arenas = Pool::builder(Arena::new).reset(Arena::reset).build()?;
/// for line in ["1 and 2", "3 or 4"] {
///     let mut arena = arenas.take();
///     let line = arena.put_str(line);
///     parser.line(arena, line).wait()?;
///     sum.get().wait()?;
/// }
/// assert_eq!(sum.get().wait()?, 10);
/// assert_eq!(arenas.stats().made(), 1);
/// # system.shutdown().wait() }
/// ```
pub struct Arena(Box<Parts>);

/// In a box, since messages are moved.
struct Parts {
    bump: Bump,
    store: Store,
    limit: usize,
}

impl Arena {
    /// An empty one. It allocates memory when something is put in.
    #[must_use]
    pub fn new() -> Arena {
        Arena::with_limit(LIMIT)
    }

    /// The same, with another limit for the memory that it keeps when it is
    /// [reset](Arena::reset). 64 KiB unless set.
    #[must_use]
    pub fn with_limit(bytes: usize) -> Arena {
        Arena(Box::new(Parts {
            bump: Bump::new(),
            store: Store::new(),
            limit: bytes,
        }))
    }

    /// Memory for as long as the arena stays here.
    ///
    /// ```
    /// let arena = zctor::arena::Arena::new();
    /// let text = arena.bump().alloc_str("tea");
    /// text.make_ascii_uppercase();
    /// assert_eq!(text, "TEA");
    /// ```
    #[must_use]
    pub fn bump(&self) -> &Bump {
        &self.0.bump
    }

    /// Both parts, so that what was made in the one can be stored in the other.
    ///
    /// Collections are in use until they are dropped, at the end of their scope.
    /// Their slices and texts
    /// ([`into_bump_slice`](bumpalo::collections::Vec::into_bump_slice),
    /// [`into_bump_str`](bumpalo::collections::String::into_bump_str)) are so
    /// only as long as they are needed, and the arena is free to go.
    ///
    /// ```
    /// use zctor::arena::Arena;
    /// use zctor::bumpalo;
    ///
    /// let mut arena = Arena::new();
    /// let name = arena.put_str("Ada");
    /// let (bump, store) = arena.split();
    /// let greeting = bumpalo::format!(in bump, "hello, {}", store.get(name).unwrap());
    /// let greeting = store.put_str(greeting.into_bump_str());
    /// assert_eq!(arena.get(greeting), Ok("hello, Ada"));
    /// ```
    #[must_use]
    pub fn split(&mut self) -> (&Bump, &mut Store) {
        (&self.0.bump, &mut self.0.store)
    }

    /// How much memory it has, used or not.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0
            .bump
            .allocated_bytes()
            .saturating_add(self.0.store.bytes())
    }

    /// Empties it, for the next request: what is stored is dropped, and its
    /// handles are void. The memory is kept, unless it is more than the
    /// [limit](Arena::with_limit): then all of it is given back.
    ///
    /// # Panics
    /// If the drop of a stored value does. The others are dropped and the handles
    /// are void all the same.
    ///
    /// ```
    /// use zctor::arena::Arena;
    ///
    /// let mut arena = Arena::with_limit(10_000);
    /// arena.put_str("a short text");
    /// let bytes = arena.bytes();
    /// arena.reset();
    /// assert_eq!(arena.bytes(), bytes);
    /// arena.put_str(&"a long text".repeat(1000));
    /// arena.reset();
    /// assert_eq!(arena.bytes(), 0);
    /// ```
    pub fn reset(&mut self) {
        self.0.bump.set_allocation_limit(None);
        self.0.bump.reset();
        self.0.store.clear();
        if self.bytes() > self.0.limit {
            self.0.bump = Bump::new();
            self.0.store.shrink();
        }
    }
}

impl Default for Arena {
    fn default() -> Self {
        Arena::new()
    }
}

impl Deref for Arena {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.0.store
    }
}

impl DerefMut for Arena {
    fn deref_mut(&mut self) -> &mut Store {
        &mut self.0.store
    }
}

impl fmt::Debug for Arena {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arena")
            .field("bytes", &self.bytes())
            .finish_non_exhaustive()
    }
}
