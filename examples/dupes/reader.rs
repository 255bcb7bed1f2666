//! The stages that read files.

use zctor::prelude::*;

use crate::console::ConsoleHandle;
use crate::content::Content;
use crate::file::File;
use crate::groups::GroupsHandle;
use crate::sieve::{Key, SieveHandle};

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
    content: Content,
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
            content: Content::new(),
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
        match self.content.hash(&file, length) {
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
    content: Content,
    groups: GroupsHandle,
    console: ConsoleHandle,
}

impl Whole {
    pub(crate) fn new(groups: &GroupsHandle, console: &ConsoleHandle) -> Whole {
        Whole {
            content: Content::new(),
            groups: groups.clone(),
            console: console.clone(),
        }
    }
}

#[handlers]
impl ReaderActor for Whole {
    async fn read(&mut self, file: File) -> Result<(), Failure> {
        match self.content.hash(&file, file.size) {
            Ok(hash) => {
                self.console.read(file.size).await?;
                self.groups.add(hash, file).await?;
            }
            Err(trouble) => self.console.skipped(trouble).await?,
        }
        Ok(())
    }
}
