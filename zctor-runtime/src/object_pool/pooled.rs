//! An object out of a pool.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::home::Home;

/// An object out of a [`Pool`](crate::Pool), which goes back there when this is
/// dropped: on any thread, and also in a panic.
///
/// It dereferences to the object, which nobody else has meanwhile, and can be
/// sent wherever a `T` can: in the message of an actor, for instance. It does
/// not keep its pool open: when all `Pool`s are gone, the object is dropped
/// like any other.
///
/// ```
/// use zctor::prelude::*;
/// use zctor::{Pool, Pooled};
///
/// #[actor]
/// enum Printer { Print(Pooled<String>), #[reply(usize)] Letters }
/// #[derive(Default)]
/// struct Press(usize);
/// #[handlers]
/// impl PrinterActor for Press {
///     // The page goes back to the pool at the end of the handler.
///     fn print(&mut self, page: Pooled<String>) { self.0 += page.len() }
///     fn letters(&self) -> usize { self.0 }
/// }
///
/// # fn main() -> zctor::Result<()> {
/// let system = System::new()?;
/// let printer = Printer::spawn(&system, Press::default());
/// let pages = Pool::builder(String::new).reset(String::clear).build()?;
/// for text in ["one", "two", "three"] {
///     let mut page = pages.take();
///     page.push_str(text);
///     printer.print(page)?;
///     printer.letters().wait()?;
/// }
/// assert_eq!(printer.letters().wait()?, 11);
/// assert_eq!(pages.stats().made(), 1);
/// # system.shutdown().wait() }
/// ```
pub struct Pooled<T> {
    /// There until this is dropped or detached.
    object: Option<T>,
    home: Arc<Home<T>>,
}

const HELD: &str = "the object leaves with its holder";

impl<T> Pooled<T> {
    #[inline]
    pub(super) fn new(object: T, home: Arc<Home<T>>) -> Pooled<T> {
        Pooled {
            object: Some(object),
            home,
        }
    }

    /// Takes the object out of its pool for good: it is as it is, and is no
    /// longer reset nor put back. The pool makes another when it needs one.
    ///
    /// This is a function, not a method, so that it hides none of the object's.
    ///
    /// ```
    /// use zctor::{Pool, Pooled};
    ///
    /// # fn main() -> zctor::Result<()> {
    /// let pool = Pool::new(4, Vec::<u8>::new)?;
    /// let mut buffer = pool.take();
    /// buffer.push(7);
    /// let kept: Vec<u8> = Pooled::detach(buffer);
    /// assert_eq!(kept, [7]);
    /// assert_eq!(pool.stats().idle(), 0);
    /// # Ok(()) }
    /// ```
    #[must_use = "to drop the object is all that is left to do"]
    pub fn detach(mut this: Pooled<T>) -> T {
        this.home.store.count_detached();
        this.object.take().expect(HELD)
    }
}

impl<T> Deref for Pooled<T> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        self.object.as_ref().expect(HELD)
    }
}

impl<T> DerefMut for Pooled<T> {
    #[inline]
    fn deref_mut(&mut self) -> &mut T {
        self.object.as_mut().expect(HELD)
    }
}

/// It is what its object is, such as a slice of bytes.
///
/// ```
/// use zctor::Pool;
///
/// # fn main() -> Result<(), zctor::PoolError> {
/// fn sum(bytes: impl AsRef<[u8]>) -> u32 {
///     bytes.as_ref().iter().map(|byte| u32::from(*byte)).sum()
/// }
/// let pool = Pool::new(4, Vec::<u8>::new)?;
/// let mut buffer = pool.take();
/// buffer.extend([1, 2, 3]);
/// assert_eq!(sum(buffer), 6);
/// # Ok(()) }
/// ```
impl<T: AsRef<U>, U: ?Sized> AsRef<U> for Pooled<T> {
    fn as_ref(&self) -> &U {
        (**self).as_ref()
    }
}

impl<T> Drop for Pooled<T> {
    #[inline]
    fn drop(&mut self) {
        if let Some(object) = self.object.take() {
            self.home.take_back(object);
        }
    }
}

/// As the object itself.
impl<T: fmt::Debug> fmt::Debug for Pooled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
