//! A deferred reply can be kept, passed on, and answered once; its caller is
//! never left waiting for one that cannot come.

mod support;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};
use support::{eventually, within};
use zctor::prelude::*;

#[derive(Debug, PartialEq)]
struct Refused(u32);

#[actor]
enum Desk {
    /// Keeps the reply.
    #[reply(u32, deferred)]
    Keep {
        number: u32,
    },
    /// Hands the reply to the test.
    #[reply(u32, error = Refused, deferred)]
    HandOver(u32),
    /// Asks the colleague to answer in its place.
    #[reply(u32, deferred)]
    PassOn,
    /// Drops it.
    #[reply(u32, deferred)]
    Forget,
    #[reply(u32, deferred)]
    Fail,
    /// Answers the oldest kept one.
    AnswerOldest {
        with: u32,
    },
    #[reply(u32)]
    Plain,
    #[reply(usize)]
    Kept,
    Panic,
}

struct Clerk {
    kept: Vec<(u32, Reply<u32>)>,
    out: Sender<Reply<u32, Refused>>,
    colleague: Option<DeskHandle>,
}

#[handlers]
impl DeskActor for Clerk {
    fn keep(&mut self, number: u32, reply: Reply<u32>) {
        self.kept.push((number, reply));
    }
    fn hand_over(&mut self, value: u32, reply: Reply<u32, Refused>, ctx: &mut Context<Desk>) {
        assert!(value < 10 && ctx.name().is_none());
        let _ = self.out.send(reply);
    }
    async fn pass_on(&mut self, reply: Reply<u32>) {
        match &self.colleague {
            Some(colleague) => colleague.keep(1).forward(reply),
            None => reply.send(0),
        }
    }
    fn forget(&mut self, _reply: Reply<u32>) {}
    fn fail(&mut self, reply: Reply<u32>) -> Result<(), Failure> {
        drop(reply);
        Err(Failure::msg("no"))
    }
    fn answer_oldest(&mut self, with: u32) {
        let (number, reply) = self.kept.remove(0);
        reply.send(number * 100 + with);
    }
    fn plain(&self) -> u32 {
        5
    }
    fn kept(&self) -> usize {
        self.kept.len()
    }
    fn panic(&mut self) {
        panic!("out of paper")
    }
}

fn desk(
    colleague: Option<DeskHandle>,
    system: &System,
) -> (DeskHandle, Receiver<Reply<u32, Refused>>) {
    let (out, replies) = channel();
    let clerk = Clerk {
        kept: Vec::new(),
        out,
        colleague,
    };
    (Desk::spawn(system, clerk), replies)
}

#[test]
fn answered_later_from_the_state_in_any_order() {
    within(10, || {
        let system = System::new().unwrap();
        let (desk, _replies) = desk(None, &system);
        let (first, second) = (desk.keep(1).send(), desk.keep(2).send());
        desk.answer_oldest(7).unwrap();
        assert_eq!(first.wait().unwrap(), 107);
        desk.answer_oldest(8).unwrap();
        assert_eq!(second.wait().unwrap(), 208);
    });
}

#[test]
fn answered_from_another_thread() {
    within(10, || {
        let system = System::new().unwrap();
        let (desk, replies) = desk(None, &system);
        let (good, bad) = (desk.hand_over(1).send(), desk.hand_over(2).send());
        thread::spawn(move || {
            replies.recv().unwrap().send(11);
            replies.recv().unwrap().fail(Refused(2));
        });
        assert_eq!(good.wait().unwrap(), 11);
        assert!(matches!(bad.wait(), Err(AskError::Failed(Refused(2)))));
    });
}

#[test]
fn passed_on_to_another_actor() {
    within(10, || {
        let system = System::new().unwrap();
        let (colleague, _) = desk(None, &system);
        let (desk, _) = desk(Some(colleague.clone()), &system);
        let passed = desk.pass_on().send();
        assert_eq!(desk.plain().wait().unwrap(), 5, "the desk does not wait");
        eventually("the colleague has the question", || {
            colleague.kept().wait().unwrap() == 1
        });
        colleague.answer_oldest(3).unwrap();
        assert_eq!(passed.wait().unwrap(), 103);
    });
}

#[test]
fn dropped_its_caller_is_told_at_once() {
    within(10, || {
        let system = System::new().unwrap();
        let (desk, _replies) = desk(None, &system);
        let error = desk.forget().wait().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`Forget` was not answered: Desk#1 dropped it without a reply"
        );
        // The crash may be seen before the drop.
        let error = desk.fail().wait().unwrap_err();
        assert!(
            matches!(error, AskError::NoReply { .. } | AskError::Stopped { .. }),
            "{error:?}"
        );
        desk.stopped().wait().unwrap();
    });
}

#[test]
fn kept_by_an_actor_that_ends_its_caller_is_told() {
    within(10, || {
        let system = System::new().unwrap();
        let (stopping, _replies) = desk(None, &system);
        let kept = stopping.keep(1).send();
        stopping.stop();
        assert!(kept.wait().unwrap_err().is_stopped());

        let (crashing, _replies) = desk(None, &system);
        let kept = crashing.keep(1).send();
        crashing.panic().unwrap();
        let error = kept.wait().unwrap_err();
        assert!(
            matches!(error, AskError::Crashed { .. } | AskError::Stopped { .. }),
            "{error:?}"
        );
    });
}

#[test]
fn too_late_the_value_comes_back_and_reaches_nobody_else() {
    within(10, || {
        let system = System::new().unwrap();
        let (desk, replies) = desk(None, &system);
        let asked = Instant::now();
        let error = desk
            .hand_over(1)
            .timeout(Duration::from_millis(10))
            .wait()
            .unwrap_err();
        assert!(error.is_timeout() && asked.elapsed() < Duration::from_secs(5));
        let late = replies.recv().unwrap();
        assert!(!late.is_awaited());
        let next = desk.hand_over(2).send();
        assert_eq!(late.try_send(77), Err(77));
        replies.recv().unwrap().send(22);
        assert_eq!(next.wait().unwrap(), 22);

        let withdrawn = desk.hand_over(3).send();
        let reply = replies.recv().unwrap();
        assert!(reply.is_awaited());
        drop(withdrawn);
        assert_eq!(reply.try_send(33), Err(33));
    });
}

#[test]
fn as_a_plain_message_the_reply_goes_nowhere() {
    within(10, || {
        let system = System::new().unwrap();
        let (desk, replies) = desk(None, &system);
        desk.tell(Desk::HandOver(1)).unwrap();
        let reply = replies.recv().unwrap();
        assert!(!reply.is_awaited());
        assert_eq!(reply.try_send(1), Err(1));
        assert!(desk.is_alive());
    });
}
