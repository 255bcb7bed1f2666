//! The first stage: walks folders.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::path::{Path, PathBuf};
use std::{error, fmt, fs, io, mem};

use walkdir::{DirEntry, WalkDir};
use zctor::prelude::*;

use crate::console::ConsoleHandle;
use crate::file::{File, Identity};
use crate::groups::GroupsHandle;
use crate::sieve::{Key, SieveHandle};
use crate::trouble::Trouble;

/// Finds the files.
#[actor]
pub(crate) enum Walker {
    /// Takes a folder on the way.
    #[reply((), error = NotAFolder)]
    Open(PathBuf),
    /// Goes through all of them.
    Walk,
}

pub(crate) struct Rambler {
    folders: Vec<PathBuf>,
    seen: HashMap<Identity, usize>,
    /// Files that were found again, by number, with the last of their names.
    again: HashMap<usize, PathBuf>,
    sieve: SieveHandle,
    groups: GroupsHandle,
    console: ConsoleHandle,
}

impl Rambler {
    pub(crate) fn new(
        sieve: &SieveHandle,
        groups: &GroupsHandle,
        console: &ConsoleHandle,
    ) -> Rambler {
        Rambler {
            folders: Vec::new(),
            seen: HashMap::new(),
            again: HashMap::new(),
            sieve: sieve.clone(),
            groups: groups.clone(),
            console: console.clone(),
        }
    }
}

#[handlers]
impl WalkerActor for Rambler {
    fn open(&mut self, folder: PathBuf) -> Result<(), NotAFolder> {
        let refused = match fs::metadata(&folder) {
            Ok(metadata) if metadata.is_dir() => None,
            Ok(_) => Some(io::ErrorKind::NotADirectory.into()),
            Err(error) => Some(error),
        };
        if let Some(error) = refused {
            return Err(NotAFolder { folder, error });
        }
        self.folders.push(folder);
        Ok(())
    }

    async fn walk(&mut self) -> Result<(), Failure> {
        for folder in mem::take(&mut self.folders) {
            for entry in WalkDir::new(&folder) {
                match entry.and_then(described) {
                    Ok((entry, metadata)) if metadata.is_file() => {
                        self.found(entry, &metadata).await?;
                    }
                    Ok((entry, _)) if is_loop(&entry) => {
                        let path = entry.into_path();
                        self.console.noticed(Trouble::Loop { path }).await?;
                    }
                    Ok(_) => {}
                    Err(error) => self.console.noticed(unreadable(error, &folder)).await?,
                }
            }
        }
        self.groups.rename(mem::take(&mut self.again)).await?;
        Ok(())
    }
}

impl Rambler {
    async fn found(&mut self, entry: DirEntry, metadata: &fs::Metadata) -> Result<(), Failure> {
        let path = entry.into_path();
        let size = metadata.len();
        if size == 0 {
            return Ok(());
        }
        if path.to_str().is_none() {
            let path = path.clone();
            self.console.noticed(Trouble::NotUnicode { path }).await?;
        }
        let identity = match Identity::of(&path, metadata) {
            Ok(identity) => identity,
            Err(error) => {
                let trouble = Trouble::Unreadable { path, error };
                return Ok(self.console.noticed(trouble).await?);
            }
        };
        let number = self.seen.len();
        match self.seen.entry(identity) {
            Entry::Occupied(known) => {
                self.again.insert(*known.get(), path);
            }
            Entry::Vacant(new) => {
                new.insert(number);
                self.console.found().await?;
                let key = Key {
                    size,
                    first_block: None,
                };
                let file = File { number, path, size };
                self.sieve.sift(key, file).await?;
            }
        }
        Ok(())
    }
}

fn described(entry: DirEntry) -> walkdir::Result<(DirEntry, fs::Metadata)> {
    let metadata = entry.metadata()?;
    Ok((entry, metadata))
}

/// Whether a symbolic link leads back to a folder that it is in, or to itself.
fn is_loop(entry: &DirEntry) -> bool {
    if !entry.path_is_symlink() {
        return false;
    }
    let folder = entry.path().parent().map(fs::canonicalize);
    match (fs::canonicalize(entry.path()), folder) {
        (Ok(target), Some(Ok(folder))) => folder.starts_with(target),
        // A link that leads nowhere, or where one may not look, is no loop.
        (Err(error), _) => !matches!(
            error.kind(),
            io::ErrorKind::NotFound
                | io::ErrorKind::PermissionDenied
                | io::ErrorKind::NotADirectory
        ),
        _ => false,
    }
}

fn unreadable(error: walkdir::Error, folder: &Path) -> Trouble {
    let path = error.path().unwrap_or(folder).to_owned();
    // The error inside does not say the path again. (A loop of followed links
    // would have none inside, but none is followed.)
    let looped = || io::Error::other("a loop");
    let error = error.into_io_error().unwrap_or_else(looped);
    Trouble::Unreadable { path, error }
}

/// A folder to be searched that is none, or does not exist.
#[derive(Debug)]
pub(crate) struct NotAFolder {
    folder: PathBuf,
    error: io::Error,
}

impl fmt::Display for NotAFolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot search {:?}: {}", self.folder, self.error)
    }
}

impl error::Error for NotAFolder {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        Some(&self.error)
    }
}
