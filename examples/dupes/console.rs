//! What the user sees meanwhile: a progress bar, and what goes wrong.

use std::io::{self, Write};
use std::time::Duration;

use indicatif::{DecimalBytes, ProgressBar, ProgressStyle};
use zctor::prelude::*;

use crate::trouble::Trouble;

/// Shows progress and troubles. It alone writes to the terminal, so the two do
/// not get in each other's way.
#[actor(mailbox = 256)]
pub(crate) enum Console {
    /// A file was found.
    Found,
    /// A file is to be read.
    Planned,
    /// A file was read, so many bytes of it.
    Read(u64),
    /// A file was to be read, and could not be.
    Skipped(Trouble),
    /// Something else is wrong.
    Noticed(Trouble),
    /// How many files and folders could not be read.
    #[reply(usize)]
    Failures,
    /// It is time to draw the bar.
    #[internal]
    Draw,
}

pub(crate) struct Terminal {
    bar: ProgressBar,
    found: u64,
    planned: u64,
    done: u64,
    bytes: u64,
    failures: usize,
}

impl Terminal {
    pub(crate) fn new() -> Terminal {
        // It shows itself only where standard error is a terminal.
        let bar = ProgressBar::new(0);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} read, {msg}") {
            bar.set_style(style);
        }
        Terminal {
            bar,
            found: 0,
            planned: 0,
            done: 0,
            bytes: 0,
            failures: 0,
        }
    }

    fn report(&mut self, trouble: &Trouble) {
        self.failures += usize::from(trouble.is_failure());
        self.bar.suspend(|| {
            // If nobody listens there is nobody to tell.
            let _ = writeln!(io::stderr(), "dupes: {trouble}");
        });
    }
}

#[handlers]
impl ConsoleActor for Terminal {
    fn on_start(&mut self, ctx: &mut Context<Console>) {
        ctx.send_every(Duration::from_millis(100), || Console::Draw);
    }

    fn found(&mut self) {
        self.found += 1;
    }

    fn planned(&mut self) {
        self.planned += 1;
    }

    fn read(&mut self, bytes: u64) {
        self.done += 1;
        self.bytes += bytes;
    }

    fn skipped(&mut self, trouble: Trouble) {
        self.done += 1;
        self.report(&trouble);
    }

    fn noticed(&mut self, trouble: Trouble) {
        self.report(&trouble);
    }

    fn failures(&self) -> usize {
        self.failures
    }

    fn draw(&mut self) {
        let (found, bytes) = (self.found, DecimalBytes(self.bytes));
        self.bar.set_length(self.planned);
        self.bar.set_position(self.done);
        self.bar
            .set_message(format!("{bytes} ({found} files found)"));
        self.bar.tick();
    }

    fn on_stop(&mut self) {
        self.bar.finish_and_clear();
    }
}
