//! A line for each answer, in a file.

use std::fmt::{self, Write as _};
use std::fs::File;
use std::io::Write as _;
use std::sync::Arc;
use std::time::Duration;

use zctor::Batch;
use zctor::bumpalo::collections::String as Text;
use zctor::prelude::*;

/// Who finds 1024 lines waiting, waits: the disk sets the pace. A disk may also
/// block, so the actor has a thread of its own.
#[actor(mailbox = 1024, thread = dedicated)]
pub(crate) enum AccessLog {
    #[batch(max = 256, within = "20ms")]
    Note(Entry),
    /// When all that was noted so far has been written.
    #[reply(Written)]
    Written,
}

pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) bytes: usize,
    pub(crate) took: Duration,
}

/// How much was written, and how often.
#[derive(Clone, Copy, Default)]
pub(crate) struct Written {
    pub(crate) lines: u64,
    pub(crate) writes: u64,
}

pub(crate) struct Scribe {
    file: Arc<File>,
    written: Written,
}

impl Scribe {
    pub(crate) fn new(file: &Arc<File>) -> Scribe {
        Scribe {
            file: Arc::clone(file),
            written: Written::default(),
        }
    }
}

#[handlers]
impl AccessLogActor for Scribe {
    /// However many lines there are, it is one write. Their text is gone when
    /// this returns, and its memory is there for the next batch.
    fn note(&mut self, batch: Batch<Entry>, ctx: &mut Context<AccessLog>) -> Result<(), Failure> {
        self.written.lines += batch.len() as u64;
        self.written.writes += 1;
        let arena = ctx.arena();
        let mut text = Text::new_in(&arena);
        for entry in batch {
            writeln!(text, "{entry}")?;
        }
        (&*self.file).write_all(text.as_bytes())?;
        Ok(())
    }

    fn written(&self) -> Written {
        self.written
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry {
            path,
            status,
            bytes,
            took,
        } = self;
        write!(f, "GET {path} {status} {bytes} {}", took.as_micros())
    }
}
