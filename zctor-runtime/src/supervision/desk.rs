//! What a supervisor is told, and has not looked at: by its children, and by
//! those who administer it.

use std::any::Any;
use std::sync::{Arc, Mutex};

use super::bond::{Key, Report};
use super::child_error::ChildError;
use super::name::ChildName;
use crate::sync::lock;

pub(crate) enum Note {
    Report(Report),
    Command(Command),
}

pub(crate) struct Command {
    pub(crate) what: What,
    /// None: nobody wants to know.
    pub(crate) answer: Option<oneshot::Sender<Answer>>,
}

/// The actor that a command has started, if it was to start one.
pub(crate) type Answer = Result<Option<Arc<dyn Any + Send + Sync>>, ChildError>;

pub(crate) enum What {
    Restart(ChildName),
    Terminate(ChildName),
    Delete(ChildName),
    /// Starts a child that has its place already.
    Start(Key, ChildName),
    /// Has a pool have so many of these children.
    Resize(usize, ChildName),
}

impl What {
    /// Of the child that it is about.
    pub(crate) fn name(&self) -> &ChildName {
        match self {
            What::Restart(name)
            | What::Terminate(name)
            | What::Delete(name)
            | What::Start(_, name)
            | What::Resize(_, name) => name,
        }
    }
}

impl Command {
    pub(crate) fn answer(self, answer: Answer) {
        if let Some(sender) = self.answer {
            // An error says that the caller has gone.
            let _ = sender.send(answer);
        }
    }
}

pub(crate) struct Desk(Mutex<Notes>);

struct Notes {
    /// The supervisor has not ended.
    open: bool,
    queue: Vec<Note>,
}

impl Desk {
    pub(crate) fn new() -> Desk {
        Desk(Mutex::new(Notes {
            open: true,
            queue: Vec::new(),
        }))
    }

    /// Gives it back if nobody will look at it.
    pub(crate) fn push(&self, note: Note) -> Result<(), Note> {
        let mut notes = lock(&self.0);
        if notes.open {
            notes.queue.push(note);
            Ok(())
        } else {
            Err(note)
        }
    }

    pub(crate) fn take(&self) -> Vec<Note> {
        std::mem::take(&mut lock(&self.0).queue)
    }

    /// Takes what is there, and nothing after that.
    pub(crate) fn close(&self) -> Vec<Note> {
        let mut notes = lock(&self.0);
        notes.open = false;
        std::mem::take(&mut notes.queue)
    }
}
