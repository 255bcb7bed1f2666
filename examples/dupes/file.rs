//! A file, on its way through the pipeline.

use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was found.
#[derive(Debug)]
pub(crate) struct File {
    /// Counts files, not names: a hard link has the number of its file.
    pub(crate) number: usize,
    pub(crate) path: PathBuf,
    pub(crate) size: u64,
}

/// What two names of the same file have in common.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] PathBuf);

impl Identity {
    /// Device and inode.
    #[cfg(unix)]
    pub(crate) fn of(_: &Path, metadata: &Metadata) -> io::Result<Identity> {
        use std::os::unix::fs::MetadataExt;
        Ok(Identity((metadata.dev(), metadata.ino())))
    }

    /// Where the path leads. Hard links are different files here.
    #[cfg(not(unix))]
    pub(crate) fn of(path: &Path, _: &Metadata) -> io::Result<Identity> {
        Ok(Identity(path.canonicalize()?))
    }
}
