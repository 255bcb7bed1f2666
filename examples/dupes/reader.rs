//! The stages that read files.

use std::fs;
use std::io::{self, Read};

use blake3::{Hash, Hasher};
use zctor::prelude::*;

use crate::console::ConsoleHandle;
use crate::file::File;
use crate::groups::GroupsHandle;
use crate::sieve::{Key, SieveHandle};
use crate::trouble::Trouble;

/// Two files that differ mostly do so in their first block.
const BLOCK: u64 = 4096;

/// Reads files, and passes on what it has learned. There are several at work,
/// of two kinds: one protocol, two states that handle it.
#[actor(mailbox = 32)]
pub(crate) enum Reader {
    /// Reads a file, as much of it as this reader reads.
    Read(File),
}

/// Reads the first block of a file, which tells most files apart.
pub(crate) struct FirstBlock {
    sieve: SieveHandle,
    groups: GroupsHandle,
    console: ConsoleHandle,
}

impl FirstBlock {
    pub(crate) fn new(
        sieve: &SieveHandle,
        groups: &GroupsHandle,
        console: &ConsoleHandle,
    ) -> FirstBlock {
        FirstBlock {
            sieve: sieve.clone(),
            groups: groups.clone(),
            console: console.clone(),
        }
    }
}

#[handlers]
impl ReaderActor for FirstBlock {
    async fn read(&mut self, file: File) -> Result<(), Failure> {
        let length = file.size.min(BLOCK);
        match hash(&file, length) {
            Ok(hash) => {
                self.console.read(length).await?;
                if length == file.size {
                    // That was all of it.
                    self.groups.add(hash, file).await?;
                } else {
                    let key = Key {
                        size: file.size,
                        first_block: Some(hash),
                    };
                    self.sieve.sift(key, file).await?;
                }
            }
            Err(trouble) => self.console.skipped(trouble).await?,
        }
        Ok(())
    }
}

/// Reads a whole file.
pub(crate) struct Whole {
    groups: GroupsHandle,
    console: ConsoleHandle,
}

impl Whole {
    pub(crate) fn new(groups: &GroupsHandle, console: &ConsoleHandle) -> Whole {
        Whole {
            groups: groups.clone(),
            console: console.clone(),
        }
    }
}

#[handlers]
impl ReaderActor for Whole {
    async fn read(&mut self, file: File) -> Result<(), Failure> {
        match hash(&file, file.size) {
            Ok(hash) => {
                self.console.read(file.size).await?;
                self.groups.add(hash, file).await?;
            }
            Err(trouble) => self.console.skipped(trouble).await?,
        }
        Ok(())
    }
}

/// Hashes the first `length` bytes of `file`, which are there unless it has
/// changed.
fn hash(file: &File, length: u64) -> Result<Hash, Trouble> {
    match try_hash(file, length) {
        Ok(Some(hash)) => Ok(hash),
        Ok(None) => Err(Trouble::Changed {
            path: file.path.clone(),
        }),
        Err(error) => Err(Trouble::Unreadable {
            path: file.path.clone(),
            error,
        }),
    }
}

/// None: its size is another one by now.
fn try_hash(file: &File, length: u64) -> io::Result<Option<Hash>> {
    let opened = fs::File::open(&file.path)?;
    let mut hasher = Hasher::new();
    hasher.update_reader((&opened).take(length))?;
    let as_found = hasher.count() == length && opened.metadata()?.len() == file.size;
    Ok(as_found.then(|| hasher.finalize()))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn here(size: u64) -> File {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file!());
        File {
            number: 0,
            path,
            size,
        }
    }

    #[test]
    fn a_part_of_a_file() -> io::Result<()> {
        let content = fs::read(here(0).path)?;
        let file = here(content.len() as u64);
        let all =
            hash(&file, file.size).map_err(|trouble| io::Error::other(trouble.to_string()))?;
        assert_eq!(all, blake3::hash(&content));
        let part = hash(&file, 9).map_err(|trouble| io::Error::other(trouble.to_string()))?;
        assert_eq!(part, blake3::hash(&content[..9]));
        Ok(())
    }

    #[test]
    fn a_file_that_changed() -> io::Result<()> {
        let size = fs::metadata(here(0).path)?.len();
        let grown = hash(&here(size - 1), size - 1);
        assert!(matches!(grown, Err(Trouble::Changed { .. })));
        let shrunk = hash(&here(size + 1), size + 1);
        assert!(matches!(shrunk, Err(Trouble::Changed { .. })));
        Ok(())
    }

    #[test]
    fn a_file_that_is_gone() {
        let gone = File {
            number: 0,
            path: PathBuf::from("no such file"),
            size: 1,
        };
        let error = hash(&gone, 1);
        assert!(matches!(error, Err(Trouble::Unreadable { .. })));
    }
}
