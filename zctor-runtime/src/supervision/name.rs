//! What children are called among their siblings.

use std::fmt;
use std::sync::Arc;

/// The name of a child among the children of its supervisor: `stock`,
/// `packer[2]`, `visit#17`, or what it was started as. Made from text, or from
/// the enum that `#[supervisor]` makes, such as `ShopChild`.
///
/// ```
/// use zctor::ChildName;
///
/// let name = ChildName::from("packer[2]");
/// assert_eq!(name.as_str(), "packer[2]");
/// assert_eq!(name, ChildName::from(String::from("packer[2]")));
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ChildName(Arc<str>);

impl ChildName {
    pub(crate) fn shared(&self) -> &Arc<str> {
        &self.0
    }

    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ChildName {
    fn from(name: &str) -> ChildName {
        ChildName(name.into())
    }
}

impl From<String> for ChildName {
    fn from(name: String) -> ChildName {
        ChildName(name.into())
    }
}

impl From<&ChildName> for ChildName {
    fn from(name: &ChildName) -> ChildName {
        name.clone()
    }
}

impl fmt::Display for ChildName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for ChildName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChildName({})", self.0)
    }
}
