//! Where the objects of a pool come from and go back to: its store, and what
//! the user has said of them.

use super::store::Store;
use crate::guard::quietly;

pub(super) type Make<T> = Box<dyn Fn() -> T + Send + Sync>;
pub(super) type Reset<T> = Box<dyn Fn(&mut T) + Send + Sync>;
pub(super) type Keep<T> = Box<dyn Fn(&T) -> bool + Send + Sync>;

pub(super) struct Home<T> {
    pub(super) store: Store<T>,
    pub(super) make: Make<T>,
    pub(super) reset: Option<Reset<T>>,
    pub(super) keep: Option<Keep<T>>,
}

impl<T> Home<T> {
    /// An idle object, or a new one. If `make` panics, nothing has happened.
    #[inline]
    pub(super) fn take(&self) -> T {
        self.store.take().unwrap_or_else(|| {
            let object = (self.make)();
            self.store.count_made();
            object
        })
    }

    /// Resets an object and keeps it, or drops it. This runs in a drop, which
    /// may be that of a panic, so it must not panic itself.
    pub(super) fn take_back(&self, mut object: T) {
        let refused = if self.is_fit(&mut object) {
            self.store.put_back(object)
        } else {
            self.store.count_dropped();
            Some(object)
        };
        if let Some(object) = refused {
            quietly(|| drop(object));
        }
    }

    /// Whether the object is as the next holder may have it.
    fn is_fit(&self, object: &mut T) -> bool {
        if self.reset.is_none() && self.keep.is_none() {
            return true;
        }
        let fit = quietly(|| {
            if let Some(reset) = &self.reset {
                reset(object);
            }
            self.keep.as_ref().is_none_or(|keep| keep(object))
        });
        fit == Some(true)
    }

    /// Drops what is idle, and from now on whatever comes back.
    pub(super) fn close(&self) {
        for object in self.store.close() {
            quietly(|| drop(object));
        }
    }
}
