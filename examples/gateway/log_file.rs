//! The file of the access log, in the folder for temporary files.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::PathBuf;

/// The file is removed when this is dropped.
pub(crate) struct LogFile(PathBuf);

impl LogFile {
    pub(crate) fn temporary() -> io::Result<LogFile> {
        let name = format!("zctor-gateway-{}.log", std::process::id());
        let file = LogFile(std::env::temp_dir().join(name));
        File::create(&file.0)?;
        Ok(file)
    }

    pub(crate) fn open(&self) -> io::Result<File> {
        File::options().append(true).open(&self.0)
    }

    pub(crate) fn lines(&self) -> io::Result<u64> {
        let lines = BufReader::new(File::open(&self.0)?).lines();
        lines.map(|line| line.map(|_| 1)).sum()
    }
}

impl Drop for LogFile {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
