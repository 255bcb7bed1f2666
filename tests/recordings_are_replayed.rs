//! The messages of a live actor can be recorded, and handled once more by a
//! fresh state, with the same answers.

mod support;

use std::time::Duration;

use support::within;
use zctor::prelude::*;
use zctor::sim::Sim;
use zctor::test::Recording;

#[derive(Clone, Debug, PartialEq)]
#[actor]
enum Till {
    Pay {
        amount: u32,
    },
    #[reply(u32)]
    Total,
    #[reply(u64)]
    Age,
    #[reply(u32, error = String)]
    Refund(u32),
    Crash,
    #[internal]
    Close,
}

#[derive(Default)]
struct Drawer {
    total: u32,
    began: Option<std::time::Instant>,
    closed: bool,
}

#[handlers]
impl TillActor for Drawer {
    fn pay(&mut self, amount: u32, ctx: &mut Context<Till>) {
        self.total += amount;
        self.began.get_or_insert(ctx.now());
        if amount == 99 {
            ctx.send_after(Duration::from_secs(60), Till::Close);
        }
    }
    fn total(&self) -> u32 {
        self.total
    }
    fn age(&self, ctx: &mut Context<Till>) -> u64 {
        self.began.map_or(0, |began| (ctx.now() - began).as_secs())
    }
    async fn refund(&mut self, amount: u32, ctx: &mut Context<Till>) -> Result<u32, String> {
        ctx.system().sleep(Duration::from_secs(1)).await;
        self.total = self
            .total
            .checked_sub(amount)
            .ok_or("too much".to_owned())?;
        Ok(self.total)
    }
    fn crash(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("jammed"))
    }
    fn close(&mut self) {
        self.closed = true;
    }
}

#[test]
fn the_replay_gives_the_same_answers_at_the_same_times() {
    within(30, || {
        let sim = Sim::new(1);
        let recording = Recording::new();
        let builder = Till::builder(Drawer::default())
            .name("till")
            .record(&recording);
        let till = builder.spawn(sim.system()).unwrap();
        till.pay(99).unwrap();
        sim.advance(Duration::from_secs(10));
        assert_eq!(till.age().wait().unwrap(), 10);
        assert_eq!(till.refund(9).wait().unwrap(), 90);
        assert!(till.refund(100).wait().is_err());
        assert_eq!(till.total().wait().unwrap(), 90);
        sim.advance(Duration::from_secs(60));

        let messages = recording.messages();
        let kinds: Vec<_> = messages.iter().map(|one| one.kind()).collect();
        use TillKind::{Age, Close, Pay, Refund, Total};
        assert_eq!(kinds, [Pay, Age, Refund, Refund, Total, Close]);
        assert_eq!(messages[0].message(), &Till::Pay { amount: 99 });
        assert_eq!(messages[1].at(), Duration::from_secs(10));
        assert_eq!(messages[5].at(), Duration::from_secs(60), "its own timer");
        assert!(messages.iter().all(|one| one.incarnation() == 1));

        let mut again = Drawer::default();
        let mut handled = recording.replay(&mut again);
        assert_eq!(handled[1].reply::<u64>(), 10);
        assert_eq!(handled[2].reply::<u32>(), 90);
        assert_eq!(handled[3].error::<String>(), "too much");
        assert_eq!(handled[4].reply::<u32>(), 90);
        assert!(again.closed);
        let mut third = Drawer::default();
        assert_eq!(
            zctor::wait(recording.replay_async(&mut third))
                .unwrap()
                .len(),
            6
        );
        assert_eq!(third.total, 90);
    });
}

#[test]
fn nothing_of_it_is_seen_from_outside() {
    within(30, || {
        let system = System::new().unwrap();
        let recording = Recording::latest(2);
        let till = Till::builder(Drawer::default())
            .record(&recording)
            .spawn(&system)
            .unwrap();
        for amount in 1..=5 {
            till.pay(amount).unwrap();
        }
        assert_eq!(till.total().wait().unwrap(), 15);
        let kept = recording.messages();
        assert_eq!(kept.len(), 2, "the latest only");
        assert_eq!(kept[0].message(), &Till::Pay { amount: 5 });
        recording.clear();
        assert!(recording.messages().is_empty());
        // The state comes back where the actor cannot be spawned.
        let first = Till::builder(Drawer::default())
            .name("till")
            .record(&recording);
        let first = first.spawn(&system).unwrap();
        let second = Drawer {
            total: 7,
            ..Drawer::default()
        };
        let second = Till::builder(second).name("till").record(&recording);
        assert_eq!(second.spawn(&system).unwrap_err().into_state().total, 7);
        drop(first);
        system.shutdown().wait().unwrap();
    });
}

#[supervisor]
enum Shop {
    #[child]
    Till(Till),
}

struct Premises(Recording<Till>);

impl ShopChildren for Premises {
    fn till(&mut self, _: &ShopHandle) -> Child<Till> {
        self.0.child(Drawer::default())
    }
}

#[test]
fn a_restarted_actor_goes_on_in_the_same_recording() {
    within(30, || {
        let sim = Sim::new(1);
        let recording = Recording::new();
        let shop = Shop::start(sim.system(), Premises(recording.clone()))
            .wait()
            .unwrap();
        shop.till().pay(1).unwrap();
        shop.till().crash().unwrap();
        sim.advance(Duration::from_secs(1));
        assert_eq!(shop.till().total().wait().unwrap(), 0);
        let seen: Vec<_> = recording
            .messages()
            .iter()
            .map(|one| (one.kind(), one.incarnation()))
            .collect();
        use TillKind::{Crash, Pay, Total};
        assert_eq!(seen, [(Pay, 1), (Crash, 1), (Total, 2)]);
        let handled = recording.replay(&mut Drawer::default());
        assert_eq!(handled[1].failure().unwrap().to_string(), "jammed");
    });
}

#[derive(Clone, Debug, PartialEq)]
#[actor]
enum Journal {
    #[batch(max = 3, within = "1s")]
    Line(u8),
    #[reply(Vec<usize>)]
    Batches,
}

#[derive(Default)]
struct Book(Vec<usize>);

#[handlers]
impl JournalActor for Book {
    fn line(&mut self, batch: zctor::Batch<u8>) {
        self.0.push(batch.len());
    }
    fn batches(&self) -> Vec<usize> {
        self.0.clone()
    }
}

#[test]
fn batched_messages_are_recorded_one_by_one() {
    within(30, || {
        let sim = Sim::new(1);
        let recording = Recording::new();
        let builder = Journal::builder(Book::default()).record(&recording);
        let journal = builder.spawn(sim.system()).unwrap();
        for line in 0..4 {
            journal.line(line).unwrap();
        }
        assert_eq!(journal.batches().wait().unwrap(), [3, 1]);
        let kinds: Vec<_> = recording.messages().iter().map(|one| one.kind()).collect();
        use JournalKind::{Batches, Line};
        assert_eq!(kinds, [Line, Line, Line, Line, Batches]);
        let mut again = Book::default();
        let mut handled = recording.replay(&mut again);
        assert_eq!(handled[4].reply::<Vec<usize>>(), [1, 1, 1, 1]);
    });
}

/// What was skipped, as its caller had gone, was not handled, and is not
/// handled by a replay.
#[test]
fn what_was_skipped_is_not_recorded() {
    within(30, || {
        let sim = Sim::new(1);
        let recording = Recording::<Till>::new();
        let till = Till::builder(Drawer::default())
            .record(&recording)
            .spawn(sim.system())
            .unwrap();
        till.pay(5).unwrap();
        drop(till.total().send());
        sim.run_until_idle();
        assert_eq!(till.stats().skipped(), 1);
        assert_eq!(recording.messages().len(), 1);
    });
}
