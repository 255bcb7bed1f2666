//! The last stage: puts files with the same content together.

use std::collections::HashMap;
use std::mem;
use std::path::PathBuf;

use blake3::Hash;
use zctor::prelude::*;

use crate::file::File;
use crate::report::{Group, sorted_groups};

/// Collects the files whose content is known.
#[actor(mailbox = 256)]
pub(crate) enum Groups {
    /// A file, and the hash of all of it.
    Add { hash: Hash, file: File },
    /// Other names for some files, by number.
    Rename(HashMap<usize, PathBuf>),
    /// What was found, in order.
    #[reply(Vec<Group>)]
    Report,
}

#[derive(Default)]
pub(crate) struct Collection {
    files: HashMap<Hash, Vec<File>>,
    names: HashMap<usize, PathBuf>,
}

#[handlers]
impl GroupsActor for Collection {
    fn add(&mut self, hash: Hash, file: File) {
        self.files.entry(hash).or_default().push(file);
    }

    fn rename(&mut self, names: HashMap<usize, PathBuf>) {
        self.names.extend(names);
    }

    fn report(&mut self) -> Vec<Group> {
        let files = mem::take(&mut self.files).into_values();
        sorted_groups(files, &mut self.names)
    }
}
