//! The error of a name that is used for two types.

use std::fmt;
use std::sync::Arc;

/// A topic that has the name, but carries values of another type: see
/// [`System::topic`](crate::System::topic).
///
/// ```
/// use zctor::prelude::*;
///
/// # fn main() -> zctor::Result<()> {
/// # let system = System::new()?;
/// let _clicks = system.topic::<u32>("clicks")?;
/// let error = system.topic::<i64>("clicks").unwrap_err();
/// assert_eq!(error.to_string(), "the topic \"clicks\" carries `u32`, not `i64`");
/// assert_eq!((error.name(), error.carries(), error.wanted()), ("clicks", "u32", "i64"));
/// # system.shutdown().wait() }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicError {
    name: Arc<str>,
    carries: &'static str,
    wanted: &'static str,
}

impl TopicError {
    pub(super) fn new(name: &str, carries: &'static str, wanted: &'static str) -> TopicError {
        TopicError {
            name: name.into(),
            carries,
            wanted,
        }
    }

    /// The name of the topic.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The type of its values.
    #[must_use]
    pub fn carries(&self) -> &'static str {
        self.carries
    }

    /// The type that it was looked up with.
    #[must_use]
    pub fn wanted(&self) -> &'static str {
        self.wanted
    }
}

impl fmt::Display for TopicError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the topic {:?} carries `{}`, not `{}`",
            self.name, self.carries, self.wanted
        )
    }
}

impl std::error::Error for TopicError {}
