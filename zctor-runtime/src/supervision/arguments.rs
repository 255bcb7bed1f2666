//! The start arguments of a dynamic child.

use std::any::Any;

/// Behind [`Origin::Dynamic`](super::roster::Origin), for each of its starts.
#[doc(hidden)]
#[expect(
    missing_debug_implementations,
    reason = "it is passed from macro to runtime"
)]
pub struct Arguments(Option<Box<dyn Given>>);

/// A type that can be a start argument of a child that is restarted.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a start argument of a child that may be restarted",
    label = "this must be `Clone + Send + 'static`",
    note = "each restart starts the child with the same arguments, so they are cloned",
    note = "derive `Clone`, share it in an `Arc`, or mark the child `restart = temporary`"
)]
pub trait Repeatable {}

#[diagnostic::do_not_recommend]
impl<T: Clone + Send + 'static> Repeatable for T {}

trait Given: Send {
    /// Once more, if it can.
    fn again(&self) -> Option<Box<dyn Given>>;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

struct Once<T>(T);
struct Again<T>(T);

impl<T: Send + 'static> Given for Once<T> {
    fn again(&self) -> Option<Box<dyn Given>> {
        None
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        Box::new(self.0)
    }
}

impl<T: Clone + Send + 'static> Given for Again<T> {
    fn again(&self) -> Option<Box<dyn Given>> {
        Some(Box::new(Again(self.0.clone())))
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        Box::new(self.0)
    }
}

impl Arguments {
    /// Of a child that is started once.
    pub fn once<T: Send + 'static>(arguments: T) -> Arguments {
        Arguments(Some(Box::new(Once(arguments))))
    }

    /// Of a child that may be restarted.
    pub fn cloned<T: Clone + Send + 'static>(arguments: T) -> Arguments {
        Arguments(Some(Box::new(Again(arguments))))
    }

    /// For one start. None if they are used up.
    pub(crate) fn give(&mut self) -> Option<Arguments> {
        let given = self.0.take()?;
        self.0 = given.again();
        Some(Arguments(Some(given)))
    }

    #[must_use]
    pub fn take<T: 'static>(arguments: Option<Arguments>) -> Option<T> {
        let given = arguments?.0?.into_any();
        given.downcast().ok().map(|arguments| *arguments)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_cloned_is_given_again() {
        let mut once = Arguments::once((1, "a"));
        let first = once.give();
        assert_eq!(Arguments::take::<(i32, &str)>(first), Some((1, "a")));
        assert!(once.give().is_none());
        let mut cloned = Arguments::cloned((String::from("b"),));
        for _ in 0..3 {
            let given = cloned.give();
            assert_eq!(
                Arguments::take::<(String,)>(given),
                Some((String::from("b"),))
            );
        }
        assert_eq!(Arguments::take::<(u8,)>(cloned.give()), None);
    }
}
