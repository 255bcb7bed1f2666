//! Linked actors end together, unless the end is orderly or one traps it.

mod support;

use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use support::{eventually, within};
use zctor::prelude::*;
use zctor::{Exit, ExitReason};

const SOON: Duration = Duration::from_millis(30);

#[actor]
enum Member {
    Join(MemberHandle),
    Trap,
    Panic,
    Forever,
    Note(u32),
    /// Sends so many notes, then fails.
    LastWords {
        to: MemberHandle,
        notes: u32,
    },
    #[internal]
    Exited(Exit),
    #[reply(bool)]
    Leave(MemberHandle),
    #[reply(())]
    Ping,
}

#[derive(Debug)]
enum Seen {
    Note(u32),
    Exit(Exit),
    Stopped,
}

struct Person(Sender<Seen>);

#[handlers]
impl MemberActor for Person {
    fn join(&mut self, value: MemberHandle, ctx: &mut Context<Member>) {
        ctx.link(&value);
    }
    fn trap(&mut self, ctx: &mut Context<Member>) {
        ctx.trap_exits(Member::Exited);
    }
    fn panic(&mut self) {
        panic!("ouch");
    }
    async fn forever(&mut self) {
        std::future::pending().await
    }
    fn note(&mut self, value: u32) {
        let _ = self.0.send(Seen::Note(value));
    }
    fn last_words(
        &mut self,
        to: MemberHandle,
        notes: u32,
        ctx: &mut Context<Member>,
    ) -> Result<(), Failure> {
        for number in 0..notes {
            to.note(number)?;
        }
        ctx.fail(Failure::msg("done"));
        Ok(())
    }
    fn exited(&mut self, value: Exit) {
        let _ = self.0.send(Seen::Exit(value));
    }
    fn leave(&mut self, value: MemberHandle, ctx: &mut Context<Member>) -> bool {
        ctx.unlink(&value)
    }
    fn ping(&self) {}
    fn on_stop(&mut self) {
        let _ = self.0.send(Seen::Stopped);
    }
}

type End = fn(&MemberHandle);

fn member(system: &System) -> (MemberHandle, Receiver<Seen>) {
    let (seen, seeing) = channel();
    (Member::spawn(system, Person(seen)), seeing)
}

fn linked(system: &System) -> [(MemberHandle, Receiver<Seen>); 2] {
    let (a, b) = (member(system), member(system));
    a.0.join(b.0.clone()).unwrap();
    a.0.ping().wait().unwrap();
    assert_eq!((a.0.watchers(), b.0.watchers()), (1, 1));
    [a, b]
}

fn exit(seen: &Receiver<Seen>) -> Exit {
    match seen.recv().unwrap() {
        Seen::Exit(exit) => exit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_crash_or_a_kill_of_either_ends_the_other() {
    within(20, || {
        let system = System::new().unwrap();
        let ends: [(End, &str); 2] = [
            (
                |member| member.panic().unwrap(),
                "crashed in the handler of `Panic`: panicked: ouch",
            ),
            (|member| member.kill(), "killed"),
        ];
        for (end, text) in ends {
            for first in [0, 1] {
                let pair = linked(&system);
                let (ended, other) = (&pair[first].0, &pair[1 - first]);
                // It is interrupted, as by a kill.
                other.0.forever().unwrap();
                end(ended);
                match other.0.stopped().wait().unwrap() {
                    ExitReason::Linked(exit) => {
                        assert_eq!(exit.id(), ended.id());
                        assert_eq!(exit.reason().to_string(), text);
                    }
                    reason => panic!("{reason}"),
                }
                assert!(other.1.recv().is_err(), "no stop hook");
                assert_eq!((ended.watchers(), other.0.watchers()), (0, 0));
            }
        }
    });
}

#[test]
fn an_orderly_end_does_nothing_to_the_other() {
    within(20, || {
        let system = System::new().unwrap();
        let [a, b] = linked(&system);
        a.0.stop();
        a.0.stopped().wait().unwrap();
        eventually("the link is gone", || b.0.watchers() == 0);
        b.0.ping().wait().unwrap();
        // To link to it now is as if it ended now.
        b.0.join(a.0).unwrap();
        b.0.ping().wait().unwrap();
    });
}

#[test]
fn an_end_goes_through_a_chain_with_its_first_reason() {
    within(20, || {
        let system = System::new().unwrap();
        let members: Vec<_> = (0..20).map(|_| member(&system).0).collect();
        for pair in members.windows(2) {
            pair[0].join(pair[1].clone()).unwrap();
            pair[0].ping().wait().unwrap();
        }
        members[7].panic().unwrap();
        for other in [0, 6, 8, 19] {
            match members[other].stopped().wait().unwrap() {
                ExitReason::Linked(exit) => {
                    assert_eq!(exit.id(), members[7].id());
                    assert!(matches!(exit.reason(), ExitReason::Crashed(_)));
                }
                reason => panic!("{reason}"),
            }
        }
        eventually("all have ended", || system.actor_count() == 0);
    });
}

#[test]
fn one_that_traps_gets_a_message_of_every_end() {
    within(20, || {
        let system = System::new().unwrap();
        let (keeper, seen) = member(&system);
        keeper.trap().unwrap();
        let ends: [(End, &str); 3] = [
            (|member| member.stop(), "stopped"),
            (|member| member.kill(), "killed"),
            (
                |member| member.panic().unwrap(),
                "crashed in the handler of `Panic`: panicked: ouch",
            ),
        ];
        for (end, text) in ends {
            let (other, _others) = member(&system);
            keeper.join(other.clone()).unwrap();
            // To link twice is to link once.
            keeper.join(other.clone()).unwrap();
            other.join(keeper.clone()).unwrap();
            keeper.ping().wait().unwrap();
            other.ping().wait().unwrap();
            end(&other);
            let notice = exit(&seen);
            assert_eq!(notice.id(), other.id());
            assert_eq!(notice.reason().to_string(), text);
            // One that has ended before.
            keeper.join(other.clone()).unwrap();
            assert_eq!(exit(&seen).id(), other.id());
        }
        keeper.ping().wait().unwrap();
        assert!(seen.recv_timeout(SOON).is_err());
        assert!(keeper.is_alive());
    });
}

#[test]
fn a_crashed_one_that_is_linked_late_ends_the_other() {
    within(20, || {
        let system = System::new().unwrap();
        let (a, b) = (member(&system), member(&system));
        a.0.panic().unwrap();
        a.0.stopped().wait().unwrap();
        b.0.join(a.0).unwrap();
        let reason = b.0.stopped().wait().unwrap();
        assert!(matches!(reason, ExitReason::Linked(_)), "{reason}");
    });
}

#[test]
fn unlinked_nothing_comes() {
    within(20, || {
        let system = System::new().unwrap();
        for trapping in [false, true] {
            let [a, b] = linked(&system);
            if trapping {
                a.0.trap().unwrap();
            }
            // Either of them can take the link back.
            let (one, other) = if trapping { (&a, &b) } else { (&b, &a) };
            assert!(one.0.leave(other.0.clone()).wait().unwrap());
            assert!(!one.0.leave(other.0.clone()).wait().unwrap());
            assert_eq!((a.0.watchers(), b.0.watchers()), (0, 0));
            b.0.kill();
            b.0.stopped().wait().unwrap();
            a.0.ping().wait().unwrap();
            assert!(a.1.recv_timeout(SOON).is_err());
        }
    });
}

#[test]
fn links_made_and_broken_from_both_sides_are_whole() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let (a, b) = (member(&system), member(&system));
        for _ in 0..3_000 {
            let (one, other) = (a.0.clone(), b.0.clone());
            one.join(other.clone()).unwrap();
            other.join(one.clone()).unwrap();
            let left = (one.leave(other.clone()).send(), other.leave(one).send());
            b.0.join(a.0.clone()).unwrap();
            let _ = (left.0.wait().unwrap(), left.1.wait().unwrap());
            b.0.ping().wait().unwrap();
            assert_eq!(a.0.watchers(), b.0.watchers());
        }
    });
}

#[test]
fn the_last_words_come_before_the_trapped_exit() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let (keeper, seen) = member(&system);
        keeper.trap().unwrap();
        for round in 0..300 {
            let (other, _) = member(&system);
            keeper.join(other.clone()).unwrap();
            keeper.ping().wait().unwrap();
            other.last_words(keeper.clone(), round % 7).unwrap();
            for number in 0..round % 7 {
                assert!(matches!(seen.recv().unwrap(), Seen::Note(note) if note == number));
            }
            assert_eq!(exit(&seen).id(), other.id());
        }
    });
}
