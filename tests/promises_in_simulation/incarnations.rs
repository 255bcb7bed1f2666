//! Restarts: the mail stays, the message in hand is gone, and nothing of the
//! old incarnation comes to the new one.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};

use super::{MS, Notes, SECOND, below, crashes, pause, promise, sorted};

#[derive(Debug, Clone, PartialEq, Eq)]
struct Handled {
    number: u32,
    incarnation: u64,
}

#[derive(Clone, Default)]
struct Book {
    handled: Notes<Handled>,
    states: Arc<AtomicU32>,
    answered: Notes<u32>,
}

#[actor]
enum Clerk {
    Note(u32),
    /// Has several steps, so that it can be interrupted.
    NoteSlowly(u32),
    #[reply(u32)]
    Answer(u32),
}

struct Desk {
    incarnation: u64,
    book: Book,
}

impl Desk {
    fn new(book: &Book) -> Desk {
        let before = book.states.fetch_add(1, SeqCst);
        assert_eq!(before, 0, "two states of one actor at once");
        let book = book.clone();
        Desk {
            incarnation: 1,
            book,
        }
    }

    fn write(&self, number: u32) {
        let incarnation = self.incarnation;
        self.book.handled.add(Handled {
            number,
            incarnation,
        });
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.book.states.fetch_sub(1, SeqCst);
    }
}

#[handlers]
impl ClerkActor for Desk {
    fn on_restart(&mut self, previous: zctor::Exit) {
        self.incarnation = previous.incarnation() + 1;
    }
    fn note(&mut self, value: u32) {
        self.write(value);
    }
    async fn note_slowly(&mut self, value: u32, ctx: &mut Context<Clerk>) {
        self.write(value);
        pause().await;
        ctx.system().sleep(MS).await;
    }
    async fn answer(&mut self, value: u32) -> u32 {
        self.write(value);
        pause().await;
        self.book.answered.add(value);
        value
    }
}

#[supervisor(max_restarts = 1000)]
enum Office {
    #[child]
    Clerk(Clerk),
}

struct Rooms(Book);

impl OfficeChildren for Rooms {
    fn clerk(&mut self, _: &OfficeHandle) -> Child<Clerk> {
        Clerk::child(Desk::new(&self.0))
    }
}

async fn scenario(system: SimSystem) {
    let mut events = system.events();
    let book = Book::default();
    let office = Office::start(&system, Rooms(book.clone())).await.unwrap();
    let clerk = office.clerk();
    let mut asks = Vec::new();
    for number in 0..12 {
        match below(&system, 4) {
            0 => asks.push((number, clerk.answer(number).send())),
            1 => clerk.note_slowly(number).unwrap(),
            _ => clerk.note(number).unwrap(),
        }
        match below(&system, 8) {
            0 => system.sleep(MS).await,
            1 => pause().await,
            _ => {}
        }
    }
    // The asks end, whatever happens to the clerk.
    for (number, ask) in asks {
        match ask.await {
            Ok(answer) => {
                assert_eq!(answer, number);
                assert!(book.answered.all().contains(&number), "it was answered");
            }
            Err(AskError::Crashed { .. } | AskError::Stopped { .. }) => {
                assert!(
                    !book.answered.all().contains(&number),
                    "an answer was lost: {number}"
                );
            }
            Err(other) => panic!("{other}"),
        }
    }
    system.sleep(60 * SECOND).await;
    let (handled, stats) = (book.handled.all(), clerk.stats());
    for two in handled.windows(2) {
        assert!(
            two[0].number < two[1].number,
            "in order, and once: {handled:?}"
        );
        assert!(two[0].incarnation <= two[1].incarnation, "{handled:?}");
    }
    assert_eq!((stats.queued(), stats.dropped()), (0, 0));
    assert_eq!(stats.handled(), 12, "each has had its turn, once");
    // One that was told to panic does so before it has begun.
    assert_eq!(12 - handled.len(), crashes(&mut events), "{handled:?}");
    let info = office.which_children();
    let last = handled.last().map_or(1, |last| last.incarnation);
    assert!(last <= info[0].incarnation());
}

#[test]
fn mail_is_handled_once_over_all_incarnations() {
    let faults = Faults::new()
        .panic::<Clerk>(12)
        .kill::<Clerk>(12)
        .hold::<Clerk>(20, SECOND)
        .jump_clock(100, SECOND);
    promise(
        8_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        scenario,
    );
}

/// Tells that are late come behind others, and those that are lost never: they
/// are handled once all the same, or counted.
#[test]
fn mail_that_is_late_is_handled_once() {
    let faults = Faults::new()
        .delay::<Clerk>(5, 30 * SECOND)
        .lose::<Clerk>(10)
        .panic::<Clerk>(20)
        .kill::<Clerk>(20);
    promise(
        3_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let mut events = system.events();
            let book = Book::default();
            let office = Office::start(&system, Rooms(book.clone())).await.unwrap();
            let clerk = office.clerk();
            for number in 0..12 {
                clerk.note(number).unwrap();
                if below(&system, 4) == 0 {
                    system.sleep(SECOND * below(&system, 20) as u32).await;
                }
            }
            system.sleep(60 * SECOND).await;
            let handled: Vec<_> = book.handled.all().iter().map(|one| one.number).collect();
            let stats = clerk.stats();
            let mut once = sorted(handled.clone());
            once.dedup();
            assert_eq!(once.len(), handled.len(), "twice: {handled:?}");
            assert_eq!(stats.handled() + stats.dropped(), 12, "{stats:?}");
            assert_eq!(
                handled.len() + crashes(&mut events),
                stats.handled() as usize,
                "{stats:?}"
            );
        },
    );
}

/// With nothing going wrong there is one incarnation, and each ask is answered.
#[test]
fn nothing_is_restarted_without_a_reason() {
    promise(
        800,
        |explorer| explorer.fail_on_crash(),
        |system| async move {
            let office = Office::start(&system, Rooms(Book::default()))
                .await
                .unwrap();
            let asks: Vec<_> = (0..5)
                .map(|number| office.clerk().answer(number).send())
                .collect();
            for (number, ask) in (0..).zip(asks) {
                assert_eq!(ask.await.unwrap(), number);
            }
            assert_eq!(office.which_children()[0].incarnation(), 1);
        },
    );
}
