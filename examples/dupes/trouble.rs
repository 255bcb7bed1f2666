//! What may be wrong with a file.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// Something to tell the user. It stops nothing.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// A file or folder that cannot be read, or is gone.
    Unreadable { path: PathBuf, error: io::Error },
    /// A file that grew or shrank since it was found.
    Changed { path: PathBuf },
    /// A symbolic link that leads back to a folder that it is in, or to itself.
    /// Links are not followed, so nothing is left out.
    Loop { path: PathBuf },
    /// A name that is shown with replacement characters. The file is treated
    /// like any other.
    NotUnicode { path: PathBuf },
}

impl Trouble {
    /// Whether something is left out because of it.
    pub(crate) fn is_failure(&self) -> bool {
        !matches!(self, Trouble::NotUnicode { .. } | Trouble::Loop { .. })
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `Debug` keeps it one line, whatever the name.
        match self {
            Trouble::Unreadable { path, error } => write!(f, "cannot read {path:?}: {error}"),
            Trouble::Changed { path } => write!(f, "{path:?} changed while it was being read"),
            Trouble::Loop { path } => write!(f, "the link {path:?} goes round in a loop"),
            Trouble::NotUnicode { path } => write!(f, "the name {path:?} is not UTF-8"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_each() {
        let path = PathBuf::from("two\nlines");
        let gone = Trouble::Unreadable {
            path: path.clone(),
            error: io::ErrorKind::NotFound.into(),
        };
        assert_eq!(
            gone.to_string(),
            r#"cannot read "two\nlines": entity not found"#
        );
        assert!(!Trouble::Changed { path }.to_string().contains('\n'));
    }

    #[cfg(unix)]
    #[test]
    fn a_name_that_is_not_unicode_is_no_failure() {
        use std::os::unix::ffi::OsStringExt;
        let path = PathBuf::from(std::ffi::OsString::from_vec(b"caf\xe9".to_vec()));
        let trouble = Trouble::NotUnicode { path };
        assert_eq!(trouble.to_string(), r#"the name "caf\xE9" is not UTF-8"#);
        assert!(!trouble.is_failure());
    }
}
