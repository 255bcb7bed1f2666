//! What has come of an ask, to be taken by whoever names its type.

use std::any::{Any, type_name};

use crate::any_port::{AnyAnswer, Asking, Came};

/// The other end of a message's port, if it is an ask, and what was seen there.
pub(super) struct Answered {
    answer: Option<Box<dyn AnyAnswer>>,
    came: Option<Came>,
}

impl Answered {
    pub(super) fn new(asking: Asking) -> Answered {
        Answered {
            answer: asking.0,
            came: None,
        }
    }

    pub(super) fn is_ask(&self) -> bool {
        self.answer.is_some()
    }

    /// Looks, and tells what has come by now, and was not taken before
    /// (`Nothing` stands for what was).
    pub(super) fn look(&mut self) -> Option<&Came> {
        if let (None, Some(answer)) = (&self.came, &mut self.answer) {
            self.came = match answer.look() {
                Came::Nothing => None,
                came => Some(came),
            };
        }
        self.came.as_ref()
    }

    /// What was seen at the last look.
    pub(super) fn seen(&self) -> Option<&Came> {
        self.came.as_ref()
    }

    /// Takes the reply to `message`, if there is one.
    ///
    /// # Errors
    /// If it is of another type: the text says so.
    pub(super) fn take_reply<T: Any>(&mut self, message: &str) -> Result<Option<T>, String> {
        self.look();
        match self.came.take() {
            Some(Came::Reply(reply)) => {
                let wanted = self.answer.as_ref().map(|answer| answer.reply_type());
                self.take(reply, Came::Reply, ("reply", message, wanted))
            }
            came => {
                self.came = came;
                Ok(None)
            }
        }
    }

    /// Takes the declared error that `message` was answered with, likewise.
    ///
    /// # Errors
    /// If it is of another type: the text says so.
    pub(super) fn take_error<E: Any>(&mut self, message: &str) -> Result<Option<E>, String> {
        self.look();
        match self.came.take() {
            Some(Came::Failed(error)) => {
                let wanted = self.answer.as_ref().and_then(|answer| answer.error_type());
                self.take(error, Came::Failed, ("error", message, wanted))
            }
            came => {
                self.came = came;
                Ok(None)
            }
        }
    }

    fn take<T: Any>(
        &mut self,
        value: Box<dyn Any + Send>,
        back: fn(Box<dyn Any + Send>) -> Came,
        (what, message, wanted): (&str, &str, Option<&str>),
    ) -> Result<Option<T>, String> {
        match value.downcast::<T>() {
            Ok(value) => {
                self.came = Some(Came::Nothing);
                Ok(Some(*value))
            }
            Err(value) => {
                self.came = Some(back(value));
                let (wanted, found) = (wanted.unwrap_or("?"), type_name::<T>());
                Err(format!(
                    "the {what} of {message} was taken as a `{found}`, and it is a `{wanted}`"
                ))
            }
        }
    }
}
