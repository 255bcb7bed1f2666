//! The command line.

use std::num::NonZero;
use std::path::PathBuf;
use std::thread::available_parallelism;

use clap::Parser;

/// Finds files with the same content.
///
/// Every regular file below the given folders is looked at, hidden ones too.
/// Left out are empty files, and symbolic links: they are not followed. A file with several names (hard links, or folders
/// given twice) is one file, and is called by the name found last, as fdupes
/// does.
///
/// What cannot be read is named on the standard error output, and left out.
/// Links that go round in a loop are mentioned there too, and so are names that
/// are not UTF-8, which are treated like any other.
#[derive(Parser)]
#[command(name = "dupes", after_help = EXIT_STATUS)]
pub(crate) struct Args {
    /// The folders to search
    #[arg(value_name = "DIR", default_value = ".")]
    pub(crate) folders: Vec<PathBuf>,

    /// Print the paths of each group, one a line, with an empty line between
    /// groups, and nothing else
    #[arg(long)]
    pub(crate) list: bool,

    /// How many files to read at a time [default: the number of processors]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    jobs: Option<u16>,
}

const EXIT_STATUS: &str = "\
Exit status:
  0  all files were read
  1  some files or folders could not be read, or changed meanwhile
  2  wrong arguments, or a DIR that is not a folder";

impl Args {
    /// Ends the program if they are wrong.
    pub(crate) fn from_command_line() -> Args {
        Args::parse()
    }

    pub(crate) fn jobs(&self) -> usize {
        match self.jobs {
            Some(jobs) => jobs.into(),
            None => available_parallelism().map_or(1, NonZero::get).min(256),
        }
    }
}
