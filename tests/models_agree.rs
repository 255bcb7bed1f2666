//! An actor and a model of it get the same messages, drawn at random from its
//! protocol: they agree, or the shortest sequence is told that shows that they
//! do not.
#![cfg(feature = "proptest")]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use proptest_derive::Arbitrary;
use support::within;
use zctor::prelude::*;
use zctor::proptest;
use zctor::proptest::prelude::Strategy;
use zctor::test::ModelTest;

/// A cache whose entries live for ten seconds.
#[actor]
#[derive(Debug, Clone, Arbitrary, PartialEq)]
enum Cache {
    Put {
        #[proptest(strategy = "0..4_u8")]
        key: u8,
        value: u16,
    },
    #[reply(Option<u16>)]
    Get {
        #[proptest(strategy = "0..4_u8")]
        key: u8,
    },
    #[reply(u16, error = Missing)]
    Take {
        #[proptest(strategy = "0..4_u8")]
        key: u8,
    },
    /// Answers when a second has passed.
    #[reply(usize, deferred)]
    Count,
    #[internal]
    #[proptest(skip)]
    Expire { key: u8, put: u64 },
    #[internal]
    #[proptest(skip)]
    Answer,
}

#[derive(Debug, PartialEq)]
struct Missing(u8);

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "there is no {}", self.0)
    }
}

impl std::error::Error for Missing {}

const LIFE: Duration = Duration::from_secs(10);

#[derive(Default)]
struct Store {
    entries: BTreeMap<u8, (u16, u64)>,
    puts: u64,
    asked: Vec<Reply<usize>>,
    /// Has an older timer expire a newer value.
    forgets_to_look: bool,
}

#[handlers]
impl CacheActor for Store {
    fn put(&mut self, key: u8, value: u16, ctx: &mut Context<Cache>) {
        self.puts += 1;
        let put = self.puts;
        self.entries.insert(key, (value, put));
        ctx.send_after(LIFE, Cache::Expire { key, put });
    }
    fn get(&self, key: u8) -> Option<u16> {
        self.entries.get(&key).map(|(value, _)| *value)
    }
    fn take(&mut self, key: u8) -> Result<u16, Missing> {
        let taken = self.entries.remove(&key);
        taken.map(|(value, _)| value).ok_or(Missing(key))
    }
    fn count(&mut self, reply: Reply<usize>, ctx: &mut Context<Cache>) {
        self.asked.push(reply);
        ctx.send_after(Duration::from_secs(1), Cache::Answer);
    }
    fn expire(&mut self, key: u8, put: u64) {
        let entry = self.entries.get(&key);
        if entry.is_some_and(|(_, at)| *at == put || self.forgets_to_look) {
            self.entries.remove(&key);
        }
    }
    fn answer(&mut self) {
        for reply in self.asked.drain(..) {
            reply.send(self.entries.len());
        }
    }
}

type Model = BTreeMap<u8, (u16, Duration)>;

fn step(model: &mut Model, message: &Cache, answer: &mut zctor::test::Answer) {
    let now = answer.at();
    model.retain(|_, (_, at)| now < *at + LIFE);
    match message {
        Cache::Put { key, value } => drop(model.insert(*key, (*value, now))),
        Cache::Get { key } => {
            let value = model.get(key).map(|(value, _)| *value);
            assert_eq!(answer.reply::<Option<u16>>(), value);
        }
        Cache::Take { key } => {
            let value = model.remove(key).map(|(value, _)| value);
            assert_eq!(answer.result(), value.ok_or(Missing(*key)));
        }
        Cache::Count => assert_eq!(answer.reply::<usize>(), model.len()),
        Cache::Expire { .. } | Cache::Answer => {}
    }
}

#[test]
fn a_right_actor_agrees() {
    within(120, || {
        ModelTest::<Cache>::new()
            .pauses(Duration::from_secs(6))
            .check(Store::default, Model::new, step);
    });
}

#[test]
fn a_wrong_one_is_told_with_the_shortest_sequence() {
    within(120, || {
        let wrong = || Store {
            forgets_to_look: true,
            ..Store::default()
        };
        let test = || ModelTest::<Cache>::new().pauses(Duration::from_secs(6));
        let found = test().run(wrong, Model::new, step).unwrap_err();
        let text = found.to_string();
        // Put, put again, and look when the first one would have been over.
        let puts = |message: &&Cache| matches!(message, Cache::Put { .. });
        assert_eq!(found.messages().iter().filter(puts).count(), 2, "{text}");
        assert!((3..=4).contains(&found.messages().len()), "{text}");
        assert!(
            text.contains("`Cache` and its model disagree after"),
            "{text}"
        );
        assert!(text.contains("models_agree.rs:"), "{text}");
        assert!(
            found.pauses().iter().any(|pause| !pause.is_zero()),
            "{text}"
        );
        // And the same each time.
        let again = test().run(wrong, Model::new, step).unwrap_err();
        assert_eq!(again.to_string(), text);
    });
}

#[actor]
#[derive(Debug, Clone, PartialEq)]
enum Fragile {
    #[reply(u8)]
    Touch(u8),
}

struct Glass;

#[handlers]
impl FragileActor for Glass {
    fn touch(&mut self, force: u8) -> u8 {
        assert!(force < 77, "it broke");
        force
    }
}

fn touches() -> impl Strategy<Value = Fragile> {
    proptest::prelude::any::<u8>().prop_map(Fragile::Touch)
}

#[test]
fn a_crash_is_told() {
    within(120, || {
        let test = ModelTest::of(touches());
        let outcome = test.run(
            || Glass,
            || (),
            |(), _, answer| {
                answer.reply::<u8>();
            },
        );
        let found = outcome.unwrap_err();
        assert_eq!(found.messages(), [Fragile::Touch(77)]);
        assert!(
            found
                .why()
                .contains("Fragile#1 crashed in the handler of `Touch`"),
            "{found}"
        );
    });
}

#[test]
fn a_wrong_type_is_named() {
    within(120, || {
        let test = ModelTest::of(touches()).cases(1).length(1);
        let outcome = test.run(
            || Glass,
            || (),
            |(), _, answer| {
                answer.reply::<u16>();
            },
        );
        let found = outcome.unwrap_err();
        let text = "the reply of `Fragile::Touch` was taken as a `u16`, and it is a `u8`";
        assert!(found.why().starts_with(text), "{found}");
        let test = ModelTest::of(touches()).cases(1).length(1);
        let outcome = test.run(
            || Glass,
            || (),
            |(), _, answer| {
                answer.error::<u16>();
            },
        );
        let text = "`Fragile::Touch` has no error: it was answered with a reply";
        assert!(outcome.unwrap_err().why().starts_with(text));
    });
}
