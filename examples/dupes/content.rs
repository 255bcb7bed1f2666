//! Reading and hashing.

use std::fs;
use std::io::{self, Read};

use blake3::{Hash, Hasher};

use crate::file::File;
use crate::trouble::Trouble;

/// Hashes what is in files, by way of a buffer.
#[derive(Debug)]
pub(crate) struct Content {
    buffer: Vec<u8>,
}

impl Content {
    pub(crate) fn new() -> Content {
        Content {
            buffer: vec![0; 1 << 16],
        }
    }

    /// Hashes the first `length` bytes of `file`, which are there unless it
    /// has changed.
    pub(crate) fn hash(&mut self, file: &File, length: u64) -> Result<Hash, Trouble> {
        let path = || file.path.clone();
        match self.try_hash(file, length) {
            Ok(Some(hash)) => Ok(hash),
            Ok(None) => Err(Trouble::Changed { path: path() }),
            Err(error) => Err(Trouble::Unreadable {
                path: path(),
                error,
            }),
        }
    }

    /// None: its size is another one by now.
    fn try_hash(&mut self, file: &File, length: u64) -> io::Result<Option<Hash>> {
        let mut opened = fs::File::open(&file.path)?;
        let mut start = (&mut opened).take(length);
        let mut hasher = Hasher::new();
        loop {
            match start.read(&mut self.buffer) {
                Ok(0) => break,
                Ok(read) => hasher.update(&self.buffer[..read]),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
        }
        let as_found = hasher.count() == length && opened.metadata()?.len() == file.size;
        Ok(as_found.then(|| hasher.finalize()))
    }
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
        let all = Content::new()
            .hash(&file, file.size)
            .map_err(|trouble| io::Error::other(trouble.to_string()))?;
        assert_eq!(all, blake3::hash(&content));
        let part = Content::new()
            .hash(&file, 9)
            .map_err(|trouble| io::Error::other(trouble.to_string()))?;
        assert_eq!(part, blake3::hash(&content[..9]));
        Ok(())
    }

    #[test]
    fn a_file_that_changed() -> io::Result<()> {
        let size = fs::metadata(here(0).path)?.len();
        let grown = Content::new().hash(&here(size - 1), size - 1);
        assert!(matches!(grown, Err(Trouble::Changed { .. })));
        let shrunk = Content::new().hash(&here(size + 1), size + 1);
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
        let error = Content::new().hash(&gone, 1);
        assert!(matches!(error, Err(Trouble::Unreadable { .. })));
    }
}
