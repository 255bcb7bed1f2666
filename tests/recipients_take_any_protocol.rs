//! A recipient accepts a value, whatever protocol is behind it.

mod support;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use support::{Gate, eventually, within};
use zctor::prelude::*;
use zctor::{Recipient, Undelivered};

#[actor]
enum Session {
    Push(String),
    Shout(String),
    #[reply(())]
    Ping,
}

#[actor(mailbox = 2, overflow = wait)]
enum Waiting {
    Push { text: String },
    Pass,
}

#[actor(mailbox = 2, overflow = drop_oldest)]
enum Dropping {
    Push { text: String },
    Pass,
}

#[actor(mailbox = 2, overflow = drop_newest)]
enum Refusing {
    Push { text: String },
    Pass,
}

struct Screen {
    lines: Sender<String>,
    gate: Gate,
}

#[handlers]
impl SessionActor for Screen {
    fn push(&mut self, value: String) {
        let _ = self.lines.send(value);
    }
    fn shout(&mut self, value: String) {
        let _ = self.lines.send(value.to_uppercase());
    }
    fn ping(&self) {}
}

#[handlers]
impl WaitingActor for Screen {
    fn push(&mut self, text: String) {
        let _ = self.lines.send(text);
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
}

#[handlers]
impl DroppingActor for Screen {
    fn push(&mut self, text: String) {
        let _ = self.lines.send(text);
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
}

#[handlers]
impl RefusingActor for Screen {
    fn push(&mut self, text: String) {
        let _ = self.lines.send(text);
    }
    fn pass(&mut self) {
        self.gate.pass();
    }
}

fn screen() -> (Screen, Receiver<String>, Gate) {
    let ((lines, read), gate) = (channel(), Gate::default());
    let screen = Screen {
        lines,
        gate: gate.clone(),
    };
    (screen, read, gate)
}

#[test]
fn different_protocols_in_one_list() {
    within(20, || {
        let system = System::new().unwrap();
        let ((one, first, _), (two, second, _)) = (screen(), screen());
        let session = Session::spawn(&system, one);
        let waiting = Waiting::spawn(&system, two);
        let all: [Recipient<String>; 3] = [
            session.recipient(Session::Push),
            session.recipient(Session::Shout),
            waiting.recipient(|text| Waiting::Push { text }),
        ];
        for recipient in &all {
            recipient.tell("hi".to_owned()).unwrap();
        }
        assert_eq!(
            (first.recv().unwrap(), first.recv().unwrap()),
            ("hi".into(), "HI".into())
        );
        assert_eq!(second.recv().unwrap(), "hi");
        assert_eq!(all[0], all[1], "of one actor");
        assert_ne!(all[0], all[2]);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 2);
        assert_eq!(all[0].id(), session.id());
        assert_eq!(
            format!("{:?}", all[0]),
            format!("Recipient({})", session.label())
        );
    });
}

#[test]
fn it_keeps_its_actor_alive_and_a_weak_one_does_not() {
    within(20, || {
        let system = System::new().unwrap();
        let (one, lines, _) = screen();
        let session = Session::spawn(&system, one);
        let stopped = session.stopped();
        let recipient = session.recipient(Session::Push);
        drop(session);
        let weak = recipient.downgrade();
        let again = weak.upgrade().unwrap();
        assert_eq!(again, recipient);
        drop(recipient);
        again.tell("alive".to_owned()).unwrap();
        assert_eq!(lines.recv().unwrap(), "alive");
        let copy = again.clone();
        drop(again);
        assert!(copy.is_alive());
        drop(copy);
        stopped.wait().unwrap();
        assert!(weak.clone().upgrade().is_none());
    });
}

#[test]
fn an_error_gives_the_value_back() {
    within(20, || {
        let system = System::new().unwrap();
        let (one, lines, gate) = screen();
        let waiting = Waiting::spawn(&system, one);
        let recipient = waiting.recipient(|text| Waiting::Push { text });
        waiting.pass().wait().unwrap();
        gate.await_arrival();
        recipient.tell("1".to_owned()).unwrap();
        recipient.tell("2".to_owned()).unwrap();
        // It never waits.
        let error = recipient.tell("3".to_owned()).unwrap_err();
        assert!(error.is_full());
        assert_eq!(
            error.to_string(),
            format!("the mailbox of {} is full", waiting.label())
        );
        assert_eq!(error.into_value(), "3");
        gate.open();
        assert_eq!(lines.recv().unwrap(), "1");
        waiting.stop();
        let error = recipient.tell("4".to_owned()).unwrap_err();
        assert_eq!(error.reason(), Undelivered::Stopped);
        assert_eq!(error.actor(), waiting.label());
        assert_eq!(error.into_value(), "4");
        waiting.stopped().wait().unwrap();
        recipient.tell("5".to_owned()).or_drop();
        assert_eq!(waiting.dropped(), 1);
        assert_eq!(lines.try_iter().collect::<Vec<_>>(), ["2"]);
    });
}

#[test]
fn policies_that_drop_drop_and_count() {
    within(20, || {
        let system = System::new().unwrap();
        let (one, oldest, first) = screen();
        let (two, newest, second) = screen();
        let dropping = Dropping::spawn(&system, one);
        let refusing = Refusing::spawn(&system, two);
        dropping.pass().unwrap();
        refusing.pass().unwrap();
        first.await_arrival();
        second.await_arrival();
        let recipients = [
            dropping.recipient(|text| Dropping::Push { text }),
            refusing.recipient(|text| Refusing::Push { text }),
        ];
        for number in 1..=5 {
            for recipient in &recipients {
                recipient.tell(number.to_string()).unwrap();
            }
        }
        assert_eq!((dropping.dropped(), refusing.dropped()), (3, 3));
        first.open();
        second.open();
        drop((dropping, refusing, recipients));
        assert_eq!(oldest.iter().collect::<Vec<_>>(), ["4", "5"]);
        assert_eq!(newest.iter().collect::<Vec<_>>(), ["1", "2"]);
    });
}

#[test]
fn a_panic_in_the_mapping_leaves_the_mailbox_in_order() {
    within(20, || {
        let system = System::new().unwrap();
        let (one, lines, _) = screen();
        let session = Session::spawn(&system, one);
        let picky = session.recipient(|text: String| {
            assert!(!text.is_empty());
            Session::Push(text)
        });
        session.ping().wait().unwrap();
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _ = picky.tell(String::new());
        }));
        assert!(caught.is_err());
        // The ping before it is counted out when the actor looks again.
        eventually("nothing is queued", || session.queued() == 0);
        picky.tell("fine".to_owned()).unwrap();
        assert_eq!(lines.recv().unwrap(), "fine");
        session.stop();
        assert!(session.stopped().wait().unwrap().is_orderly());
    });
}

#[test]
fn many_senders_lose_nothing() {
    within(60, || {
        let system = System::new().unwrap();
        let (one, lines, _) = screen();
        let session = Session::spawn(&system, one);
        let recipient = Arc::new(session.recipient(Session::Push));
        std::thread::scope(|scope| {
            for _ in 0..4 {
                let recipient = Arc::clone(&recipient);
                scope.spawn(move || {
                    for number in 0..5_000 {
                        recipient.tell(format!("{number}")).unwrap();
                    }
                });
            }
        });
        drop((session, recipient));
        assert_eq!(lines.iter().count(), 20_000);
    });
}

/// An actor may crash by the error of a recipient of itself: what the error says is what was known when
/// the value was refused, and not the crash.
#[test]
fn an_actor_crashes_by_what_its_own_recipient_says() {
    #[actor]
    enum Echo {
        Begin,
        #[internal]
        Hear(u8),
    }
    struct Cave(Option<Recipient<u8>>);
    #[handlers]
    impl EchoActor for Cave {
        fn begin(&mut self, ctx: &mut Context<Echo>) -> Result<(), Failure> {
            let own = self.0.insert(ctx.handle().recipient(Echo::Hear)).clone();
            ctx.stop();
            own.tell(1)?;
            Ok(())
        }
        fn hear(&mut self, _value: u8) {}
    }
    let system = System::new().unwrap();
    let echo = Echo::spawn(&system, Cave(None));
    echo.begin().unwrap();
    let reason = echo.stopped().wait().unwrap();
    let text = "crashed in the handler of `Begin`: the actor Echo#1 has stopped";
    assert_eq!(reason.to_string(), text);
    let error = echo.begin().unwrap_err().to_string();
    assert!(error.ends_with(text), "{error}");
    system.shutdown().wait().unwrap();
}
