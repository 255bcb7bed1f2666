//! Supervisors: who stops and starts with whom, in which order, what becomes of
//! the mail, and how many restarts there may be.

use std::sync::{Arc, Mutex};

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};
use zctor::{ExitReason, ShutdownReason};

use super::{MS, Notes, SECOND, below, crashes, pause, promise};

const ALL: usize = 4;

/// What the children of a group write down, each under its place.
#[derive(Clone, Default)]
struct House {
    up: Arc<Mutex<[bool; ALL]>>,
    starts: Notes<usize>,
    handled: Arc<Mutex<[Vec<u32>; ALL]>>,
    wrong: Notes<String>,
}

impl House {
    fn check(&self, holds: bool, what: &str, place: usize) {
        if !holds {
            self.wrong.add(format!("{what}: child {place}"));
        }
    }

    fn is_up(&self, places: std::ops::Range<usize>) -> bool {
        self.up.lock().unwrap()[places].contains(&true)
    }

    fn child(&self, place: usize) -> Child<Hand> {
        self.check(!self.is_up(place..place + 1), "two states at once", place);
        let house = self.clone();
        Hand::child(Worker { place, house })
    }
}

#[actor]
enum Hand {
    Work(u32),
}

struct Worker {
    place: usize,
    house: House,
}

#[handlers]
impl HandActor for Worker {
    fn on_start(&mut self) {
        self.house.starts.add(self.place);
        self.house.up.lock().unwrap()[self.place] = true;
    }
    fn on_stop(&mut self) {
        let later = self.house.is_up(self.place + 1..ALL);
        self.house
            .check(!later, "stopped before a later one", self.place);
    }
    async fn work(&mut self, value: u32, ctx: &mut Context<Hand>) {
        self.house.handled.lock().unwrap()[self.place].push(value);
        pause().await;
        if ctx.random().is_multiple_of(2) {
            ctx.system().sleep(MS).await;
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.house.up.lock().unwrap()[self.place] = false;
    }
}

/// A group with one strategy, and what its starts look like.
macro_rules! group {
    ($module:ident, $strategy:ident, $follows:expr) => {
        mod $module {
            use super::*;

            #[supervisor(strategy = $strategy, max_restarts = 1000)]
            enum Group {
                #[child]
                A(Hand),
                #[child]
                B(Hand),
                #[child]
                C(Hand),
                #[child]
                D(Hand),
            }

            impl GroupChildren for House {
                fn a(&mut self, _: &GroupHandle) -> Child<Hand> {
                    self.child(0)
                }
                fn b(&mut self, _: &GroupHandle) -> Child<Hand> {
                    self.child(1)
                }
                fn c(&mut self, _: &GroupHandle) -> Child<Hand> {
                    self.child(2)
                }
                fn d(&mut self, _: &GroupHandle) -> Child<Hand> {
                    self.child(3)
                }
            }

            async fn scenario(system: SimSystem) {
                let mut events = system.events();
                let house = House::default();
                let wrong = house.wrong.clone();
                system.always("the order of starts and stops", move || wrong.are_none());
                let group = Group::start(&system, house.clone()).await.unwrap();
                let hands = [group.a(), group.b(), group.c(), group.d()];
                for number in 0..4 {
                    for hand in &hands {
                        hand.work(number).unwrap();
                    }
                    if below(&system, 2) == 0 {
                        system.sleep(MS).await;
                    }
                }
                system.sleep(60 * SECOND).await;
                let starts = house.starts.all();
                assert_eq!(starts[..ALL], [0, 1, 2, 3], "as declared");
                for two in starts[ALL - 1..].windows(2) {
                    assert!($follows(two[0], two[1]), "{starts:?}");
                }
                assert!(
                    house.up.lock().unwrap().iter().all(|up| *up),
                    "all are back"
                );
                let mut missing = 0;
                for (place, handled) in house.handled.lock().unwrap().iter().enumerate() {
                    assert!(
                        handled.is_sorted_by(|a, b| a < b),
                        "of {place}: {handled:?}"
                    );
                    missing += 4 - handled.len();
                    assert_eq!(hands[place].stats().handled(), 4, "the mail is kept");
                }
                assert_eq!(missing, crashes(&mut events), "none but those that crashed");
                group.stop();
                group.stopped().await;
                assert!(!house.is_up(0..ALL));
            }

            #[test]
            fn keeps_its_order_and_the_mail() {
                let faults = Faults::new()
                    .panic::<Hand>(12)
                    .kill::<Hand>(12)
                    .hold::<Hand>(20, 10 * MS);
                promise(
                    2_800,
                    move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
                    scenario,
                );
            }
        }
    };
}

group!(one_for_one, one_for_one, |_, _| true);
group!(one_for_all, one_for_all, |before, next| next
    == (before + 1) % ALL);
// Whoever has crashed is followed by those behind it, to the last.
group!(rest_for_one, rest_for_one, |before, next| {
    before == ALL - 1 || next == before + 1
});

// ---- how many restarts there may be

#[actor]
enum Lamp {
    Break,
}

struct Bulb;

#[handlers]
impl LampActor for Bulb {
    fn r#break(&mut self) -> Result<(), Failure> {
        Err(Failure::msg("broken"))
    }
}

const MOST: usize = 3;

#[supervisor(max_restarts = 3, within = "10s")]
enum Lights {
    #[child]
    Left(Lamp),
    #[child]
    Right(Lamp),
}

struct Wires;

impl LightsChildren for Wires {
    fn left(&mut self, _: &LightsHandle) -> Child<Lamp> {
        Lamp::child(Bulb)
    }
    fn right(&mut self, _: &LightsHandle) -> Child<Lamp> {
        Lamp::child(Bulb)
    }
}

/// So many restarts in any stretch of that length, and not one more.
#[test]
fn the_window_of_restarts_slides() {
    promise(
        6_000,
        |explorer| explorer,
        |system| async move {
            let lights = Lights::start(&system, Wires).await.unwrap();
            let lamps = [lights.left(), lights.right()];
            let mut crashed = Vec::new();
            for _ in 0..12 {
                system.sleep(SECOND * below(&system, 8) as u32).await;
                let now = system.elapsed();
                crashed.push(now);
                lamps[below(&system, 2) as usize].r#break().unwrap();
                for _ in 0..20 {
                    pause().await;
                }
                let recent = |then: &&_| **then + 10 * SECOND >= now;
                let recent = crashed.iter().filter(recent).count();
                if recent > MOST {
                    let reason = lights.stopped().await;
                    assert_eq!(system.elapsed(), now, "at once");
                    let ExitReason::ShutdownFor(why) = reason else {
                        panic!("it gave up, and says {reason}");
                    };
                    assert!(matches!(*why, ShutdownReason::GaveUp { .. }));
                    return;
                }
                assert!(
                    lights.is_alive(),
                    "{recent} restarts, of which {MOST} are allowed"
                );
            }
        },
    );
}
