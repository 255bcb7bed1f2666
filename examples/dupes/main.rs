//! Finds files with the same content, as a pipeline of actors.
//!
//! ```text
//! Walker ──▶ Sieve ──▶ Reader × n ──▶ Sieve ──▶ Reader × n ──▶ Groups
//!            size      first block    size and  all of it
//!                                     first block
//! ```
//!
//! A sieve holds a file back until a second one comes that looks the same, so
//! a file whose size is its own is never read. Every mailbox is bounded, and
//! who finds one full waits: the walker is never far ahead of the disk. All of
//! them tell the `Console` what happens.
//!
//! Nobody says when it is over. Each stage owns the handles of the next one.
//! When the walker ends, the sieve behind it has lost its last handle: it
//! handles what is queued and ends too, and so on down the line.
//!
//! ```console
//! cargo run --release --example dupes -- [--list] [DIR]...
//! ```

mod args;
mod console;
mod content;
mod file;
mod groups;
mod pairs;
mod reader;
mod report;
mod sieve;
mod trouble;
mod walker;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use zctor::Stopped;
use zctor::prelude::*;

use crate::args::Args;
use crate::console::{Console, ConsoleHandle, Terminal};
use crate::groups::{Collection, Groups, GroupsHandle};
use crate::reader::{FirstBlock, Reader, Whole};
use crate::report::{write_list, write_report};
use crate::sieve::{Sieve, Strainer};
use crate::walker::{NotAFolder, Rambler, Walker, WalkerHandle};

/// All went well.
const FINE: u8 = 0;
/// Something could not be read, or the program failed.
const INCOMPLETE: u8 = 1;
/// The arguments make no sense.
const WRONG_USE: u8 = 2;

fn main() -> ExitCode {
    let args = Args::from_command_line();
    let code = run(&args).unwrap_or_else(|failure| {
        let wrong_use = failure.downcast_ref::<NotAFolder>().is_some();
        // Not `eprintln!`, which panics when nobody listens.
        let _ = writeln!(io::stderr(), "dupes: {failure}");
        if wrong_use { WRONG_USE } else { INCOMPLETE }
    });
    ExitCode::from(code)
}

fn run(args: &Args) -> zctor::Result<u8> {
    // A handler that reads from a disk blocks its worker meanwhile, so there is
    // a worker for each actor that does, and one for the others. (With threads
    // of their own for such actors, this will not be needed.)
    let readers = args.jobs();
    let workers = 1 + 2 * readers + 1;
    let system = System::builder().name("dupes").workers(workers).build()?;

    let console = Console::spawn(&system, Terminal::new());
    let groups = Groups::spawn(&system, Collection::default());
    let pipeline = Pipeline::spawn(&system, readers, &groups, &console);
    for folder in &args.folders {
        match pipeline.walker.open(folder.clone()).wait() {
            Err(AskError::Failed(wrong)) => return Err(wrong.into()),
            opened => opened?,
        }
    }
    pipeline.walker.walk()?;
    pipeline.run_dry()?;

    let found = groups.report().wait()?;
    let failures = console.failures().wait()?;
    // This also ends the console, which takes its progress bar away.
    system.shutdown().wait()?;

    let mut out = BufWriter::new(io::stdout().lock());
    let written = if args.list {
        write_list(&mut out, &found)
    } else {
        write_report(&mut out, &found)
    };
    match written.and_then(|()| out.flush()) {
        // As in `dupes --list | head -1`: the reader has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        written => written?,
    }
    Ok(if failures == 0 { FINE } else { INCOMPLETE })
}

/// The stages from the walker to the groups.
struct Pipeline {
    walker: WalkerHandle,
    ends: Ends,
}

/// Waits for each stage's end, the last one first. Does not keep them alive.
struct Ends {
    readers: Vec<Stopped<Reader>>,
    sieves: [Stopped<Sieve>; 2],
    walker: Stopped<Walker>,
}

impl Pipeline {
    /// Spawns the stages, from the end: each is given the handles of the next.
    fn spawn(
        system: &System,
        readers: usize,
        groups: &GroupsHandle,
        console: &ConsoleHandle,
    ) -> Pipeline {
        let hash_whole = || Reader::spawn(system, Whole::new(groups, console));
        let hashers: Vec<_> = (0..readers).map(|_| hash_whole()).collect();
        let mut reader_ends: Vec<_> = hashers.iter().map(|reader| reader.stopped()).collect();
        let by_block = Sieve::spawn(system, Strainer::new(hashers, console));

        let hash_block = || Reader::spawn(system, FirstBlock::new(&by_block, groups, console));
        let skimmers: Vec<_> = (0..readers).map(|_| hash_block()).collect();
        reader_ends.extend(skimmers.iter().map(|reader| reader.stopped()));
        let by_size = Sieve::spawn(system, Strainer::new(skimmers, console));

        let walker = Walker::spawn(system, Rambler::new(&by_size, groups, console));
        let ends = Ends {
            readers: reader_ends,
            sieves: [by_block.stopped(), by_size.stopped()],
            walker: walker.stopped(),
        };
        Pipeline { walker, ends }
    }

    /// Lets go of the walker, and waits until the last stage has ended.
    ///
    /// # Errors
    /// If one of them crashed: files may be missing from the groups.
    fn run_dry(self) -> zctor::Result<()> {
        drop(self.walker);
        let Ends {
            readers,
            sieves,
            walker,
        } = self.ends;
        readers.into_iter().try_for_each(orderly)?;
        sieves.into_iter().try_for_each(orderly)?;
        orderly(walker)
    }
}

fn orderly<P: Protocol>(end: Stopped<P>) -> zctor::Result<()> {
    let reason = end.wait()?;
    if reason.is_orderly() {
        return Ok(());
    }
    Err(Failure::msg(format!("an actor {} {reason}", P::NAME)))
}
