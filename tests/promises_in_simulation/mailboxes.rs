//! Mailboxes: one message at a time, in the order of each sender, and none is
//! lost silently: it is handled, given back, or counted as dropped.

use std::collections::BTreeMap;

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};

use super::{MS, Notes, SECOND, below, pause, promise, sorted, unless};

/// A message by its sender and its number.
type Numbered = (u32, u32);

fn in_order_of_each_sender(handled: &[Numbered]) -> bool {
    let mut last = BTreeMap::new();
    let follows = |&(from, number): &Numbered| last.insert(from, number) < Some(number);
    handled.iter().all(follows)
}

/// An actor with one kind of mailbox, two who send to it, and what must hold.
macro_rules! mailbox {
    ($module:ident, $how:expr, $($mailbox:tt)*) => {
        mod $module {
            use super::*;

            #[actor($($mailbox)*)]
            enum Sink {
                Take(Numbered),
            }

            struct Drain(Notes<Numbered>);

            #[handlers]
            impl SinkActor for Drain {
                async fn take(&mut self, value: Numbered, ctx: &mut Context<Sink>) {
                    self.0.add(value);
                    if ctx.random().is_multiple_of(2) {
                        pause().await;
                    }
                }
            }

            #[actor]
            enum Tap {
                #[reply(Vec<(Numbered, bool)>)]
                Run(u32),
            }

            struct Water {
                number: u32,
                sink: SinkHandle,
            }

            #[handlers]
            impl TapActor for Water {
                async fn run(&mut self, value: u32, ctx: &mut Context<Tap>) -> Vec<(Numbered, bool)> {
                    let mut sent = Vec::new();
                    for drop in 0..value {
                        let message = (self.number, drop);
                        let told = self.sink.tell(Sink::Take(message));
                        sent.push((message, told.is_ok()));
                        if let Err(refused) = told {
                            let Sink::Take(back) = refused.into_message();
                            assert_eq!(back, message, "its sender gets it back");
                        }
                        if !ctx.random().is_multiple_of(3) {
                            pause().await;
                        }
                    }
                    sent
                }
            }

            async fn scenario(system: SimSystem) {
                let handled = Notes::default();
                let sink = Sink::spawn(&system, Drain(handled.clone()));
                let full = sink.clone();
                system.always("no more are queued than there is room for", move || {
                    full.capacity().is_none_or(|capacity| full.queued() <= capacity)
                });
                let taps: Vec<_> = (0..3)
                    .map(|number| Tap::spawn(&system, Water { number, sink: sink.clone() }))
                    .collect();
                let runs: Vec<_> = taps.iter().map(|tap| tap.run(5).send()).collect();
                let mut sent = Vec::new();
                for run in runs {
                    sent.extend(run.await.unwrap());
                }
                sink.stop();
                sink.stopped().await;
                let (stats, handled) = (sink.stats(), handled.all());
                let accepted = sent.iter().filter(|(_, accepted)| *accepted);
                let accepted: Vec<_> = accepted.map(|(message, _)| *message).collect();
                assert!(in_order_of_each_sender(&handled), "{handled:?}");
                assert!(handled.iter().all(|message| accepted.contains(message)));
                assert_eq!(stats.queued(), 0);
                assert_eq!(stats.handled(), handled.len() as u64);
                assert_eq!(stats.dropped() as usize, accepted.len() - handled.len());
                assert_eq!(stats.returned() as usize, sent.len() - accepted.len());
                $how(&sent, &handled);
            }

            #[test]
            fn keeps_the_order_and_the_count() {
                let faults = Faults::new()
                    .hold::<Sink>(20, SECOND)
                    .hold::<Tap>(20, SECOND)
                    .jump_clock(50, SECOND);
                promise(1_600, move |explorer| explorer.faults(faults.clone()).fail_on_crash(), scenario);
            }
        }
    };
}

fn all_arrive(sent: &[(Numbered, bool)], handled: &[Numbered]) {
    assert_eq!(sent.len(), handled.len());
}

fn what_was_accepted_arrives(sent: &[(Numbered, bool)], handled: &[Numbered]) {
    let accepted = sent.iter().filter(|(_, accepted)| *accepted).count();
    assert_eq!(accepted, handled.len());
}

fn the_newest_go(sent: &[(Numbered, bool)], handled: &[Numbered]) {
    assert!(sent.iter().all(|(_, accepted)| *accepted), "{sent:?}");
    let first = handled.first().map(|(_, number)| *number);
    assert_eq!(first, Some(0), "what came first had room");
}

fn the_oldest_go(sent: &[(Numbered, bool)], handled: &[Numbered]) {
    assert!(sent.iter().all(|(_, accepted)| *accepted), "{sent:?}");
    let last = handled.last().map(|(_, number)| *number);
    assert_eq!(last, Some(4), "nobody took the place of the last");
}

mailbox!(unbounded, all_arrive, mailbox = unbounded);
mailbox!(lock_free, all_arrive, mailbox = lock_free);
mailbox!(bounded, what_was_accepted_arrives, mailbox = 2);
mailbox!(
    rejecting,
    what_was_accepted_arrives,
    mailbox = 2,
    overflow = reject
);
mailbox!(
    lock_free_ring,
    what_was_accepted_arrives,
    mailbox = lock_free(2),
    overflow = reject
);
mailbox!(
    dropping_newest,
    the_newest_go,
    mailbox = 2,
    overflow = drop_newest
);
mailbox!(
    dropping_oldest,
    the_oldest_go,
    mailbox = 2,
    overflow = drop_oldest
);

// ---- senders that wait for room

#[actor(mailbox = 1)]
enum Press {
    Print(u32),
}

struct Ink(Notes<u32>);

#[handlers]
impl PressActor for Ink {
    async fn print(&mut self, value: u32, ctx: &mut Context<Press>) {
        self.0.add(value);
        ctx.system().sleep(MS).await;
    }
}

#[actor]
enum Author {
    /// Writes so many pages, and says which of them it gave up.
    #[reply(Vec<u32>)]
    Write(u32),
}

struct Pen {
    number: u32,
    /// Waits as long as it takes.
    is_patient: bool,
    press: PressHandle,
}

#[handlers]
impl AuthorActor for Pen {
    async fn write(&mut self, value: u32, ctx: &mut Context<Author>) -> Vec<u32> {
        let mut given_up = Vec::new();
        for page in 0..value {
            let page = self.number * 100 + page;
            let told = self.press.print(page);
            if self.is_patient {
                told.await.unwrap();
                continue;
            }
            // The press is done once in a millisecond, so some give up just
            // when there is room for them.
            let patience = MS * (1 + ctx.random() % 4) as u32;
            let patience = ctx.system().sleep(patience);
            match unless(patience, told).await {
                Ok(told) => told.unwrap(),
                Err(()) => given_up.push(page),
            }
        }
        given_up
    }
}

/// Nobody waits for ever: a place goes to one who still wants it.
#[test]
fn room_is_offered_to_whoever_waits() {
    let faults = Faults::new().hold::<Author>(20, 2 * MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let printed = Notes::default();
            let press = Press::spawn(&system, Ink(printed.clone()));
            let authors: Vec<_> = (0..4)
                .map(|number| {
                    let pen = Pen {
                        number,
                        is_patient: number < 2,
                        press: press.clone(),
                    };
                    Author::spawn(&system, pen)
                })
                .collect();
            let written = authors.iter().map(|author| author.write(2).send());
            let mut all = Vec::new();
            for written in written.collect::<Vec<_>>() {
                all.extend(written.await.unwrap());
            }
            press.stop();
            press.stopped().await;
            let printed = printed.all();
            let mut last = BTreeMap::new();
            for page in &printed {
                let before = last.insert(page / 100, *page);
                assert!(
                    before < Some(*page),
                    "in the order of each author: {printed:?}"
                );
            }
            all.extend(printed);
            let expected = (0..4).flat_map(|number| (0..2).map(move |page| number * 100 + page));
            assert_eq!(
                sorted(all),
                expected.collect::<Vec<_>>(),
                "printed or given up"
            );
        },
    );
}

// ---- a full mailbox of what is not ready

#[actor(mailbox = 3, overflow = drop_oldest)]
enum Tray {
    Paper(u32),
    Ink(u32),
}

#[derive(Clone, Default)]
struct Printer {
    ink: u32,
    handled: Notes<Numbered>,
}

#[handlers]
impl TrayActor for Printer {
    fn ready(&self, next: TrayKind) -> bool {
        next == TrayKind::Ink || self.ink > 0
    }
    fn paper(&mut self, value: u32) {
        self.ink -= 1;
        self.handled.add((0, value));
    }
    fn ink(&mut self, value: u32) {
        self.ink += 2;
        self.handled.add((1, value));
    }
}

/// What takes the place of a message that is not ready is handled, also if the
/// actor had nothing to do.
#[test]
fn a_full_mailbox_of_held_messages_wakes_up() {
    promise(
        3_200,
        |explorer| explorer.fail_on_crash(),
        |system| async move {
            let printer = Printer::default();
            let handled = printer.handled.clone();
            let tray = Tray::spawn(&system, printer);
            let mut inks = 0;
            for number in 0..8 {
                match below(&system, 3) {
                    0 => {
                        tray.ink(number).unwrap();
                        inks += 1;
                    }
                    _ => tray.paper(number).unwrap(),
                }
                if below(&system, 2) == 0 {
                    system.sleep(MS).await;
                }
            }
            tray.ink(8).unwrap();
            system.sleep(MS).await;
            let (handled, stats) = (handled.all(), tray.stats());
            assert!(in_order_of_each_sender(&handled), "{handled:?}");
            assert!(
                handled.contains(&(1, 8)),
                "the last is not dropped: {handled:?}"
            );
            let papers = handled.iter().filter(|(kind, _)| *kind == 0).count();
            assert!(papers <= 2 * (inks + 1));
            assert_eq!(stats.handled(), handled.len() as u64);
            assert_eq!(
                stats.handled() + stats.dropped() + stats.queued(),
                9,
                "{stats:?}"
            );
        },
    );
}
