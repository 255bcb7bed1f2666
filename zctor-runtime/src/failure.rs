//! [`Failure`]: any error, in one small type.

use std::error::Error;
use std::fmt;

/// Any error at all: what handlers fail with, and what every error of zctor
/// converts into.
///
/// `?` converts every [`std::error::Error`] that is `Send + Sync + 'static`
/// into a `Failure`. Like other catch-all error types it does not implement
/// [`Error`] itself; [`as_error`](Failure::as_error) gives the one inside.
///
/// ```
/// use zctor::Failure;
///
/// fn parse(text: &str) -> Result<u16, Failure> {
///     Ok(text.parse::<u16>()?)
/// }
/// assert_eq!(parse("80").unwrap(), 80);
/// assert_eq!(parse("x").unwrap_err().to_string(), "invalid digit found in string");
/// ```
pub struct Failure(Box<dyn Error + Send + Sync>);

/// The result of programs that use zctor: any error converts into it with `?`.
///
/// ```
/// fn main() -> zctor::Result<()> {
///     let port: u16 = "8080".parse()?;
///     assert_eq!(port, 8080);
///     Ok(())
/// }
/// ```
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl Failure {
    /// A failure that is only a text.
    ///
    /// ```
    /// let failure = zctor::Failure::msg("the shelf is empty");
    /// assert_eq!(failure.to_string(), "the shelf is empty");
    /// ```
    #[must_use]
    pub fn msg(text: impl Into<String>) -> Failure {
        Failure(text.into().into())
    }

    /// The error inside.
    ///
    /// ```
    /// let failure = zctor::Failure::msg("no such till");
    /// assert!(failure.as_error().source().is_none());
    /// ```
    #[must_use]
    pub fn as_error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.0
    }

    /// The error inside, if it is an `E`.
    ///
    /// ```
    /// let failure = zctor::Failure::from("x".parse::<u8>().unwrap_err());
    /// assert!(failure.downcast_ref::<std::num::ParseIntError>().is_some());
    /// assert!(failure.downcast_ref::<std::fmt::Error>().is_none());
    /// ```
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }

    /// The error inside by value, if it is an `E`.
    ///
    /// # Errors
    /// Gives the failure back if it is something else.
    ///
    /// ```
    /// let failure = zctor::Failure::from("x".parse::<u8>().unwrap_err());
    /// let failure = failure.downcast::<std::fmt::Error>().unwrap_err();
    /// assert!(failure.downcast::<std::num::ParseIntError>().is_ok());
    /// ```
    pub fn downcast<E: Error + 'static>(self) -> std::result::Result<E, Failure> {
        self.0.downcast().map(|error| *error).map_err(Failure)
    }
}

impl<E: Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Failure {
        Failure(Box::new(error))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// The message and its causes, for people: `main` prints this when it returns
/// a failure.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, "\n  caused by: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
