//! The stage that holds files back until there are two alike.

use blake3::Hash;
use zctor::prelude::*;

use crate::console::ConsoleHandle;
use crate::file::File;
use crate::pairs::Pairs;
use crate::reader::ReaderHandle;

/// Passes on files that have something in common with another one.
#[actor(mailbox = 256)]
pub(crate) enum Sieve {
    /// Looks for others with the same `key`.
    Sift { key: Key, file: File },
}

/// What is known of a file's content so far.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(crate) size: u64,
    pub(crate) first_block: Option<Hash>,
}

pub(crate) struct Strainer {
    files: Pairs<Key, File>,
    readers: Vec<ReaderHandle>,
    console: ConsoleHandle,
}

impl Strainer {
    /// Passes files on to `readers`, to whichever has least to do.
    pub(crate) fn new(readers: Vec<ReaderHandle>, console: &ConsoleHandle) -> Strainer {
        Strainer {
            files: Pairs::new(),
            readers,
            console: console.clone(),
        }
    }
}

#[handlers]
impl SieveActor for Strainer {
    async fn sift(&mut self, key: Key, file: File) -> Result<(), Failure> {
        for file in self.files.admit(key, file) {
            self.console.planned().await?;
            let idlest = self.readers.iter().min_by_key(|reader| reader.queued());
            if let Some(reader) = idlest {
                reader.read(file).await?;
            }
        }
        Ok(())
    }
}
