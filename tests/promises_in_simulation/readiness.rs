//! `ready`: what is handled next is the first, in the order of arrival, that the
//! state takes; what it never takes is dropped at the end and counted.

use std::sync::{Arc, Mutex};

use zctor::prelude::*;
use zctor::sim::Faults;

use super::{Notes, below, pause, promise};

#[actor]
enum Door {
    /// When it is open.
    Enter(u32),
    /// When there is somebody inside.
    Leave(u32),
    Open(u32),
    Shut(u32),
    #[reply(u32)]
    Look(u32),
}

#[derive(Debug, Clone, Copy, Default)]
struct State {
    open: bool,
    inside: u32,
}

impl State {
    fn takes(self, kind: DoorKind) -> bool {
        match kind {
            DoorKind::Enter => self.open,
            DoorKind::Leave => self.inside > 0,
            DoorKind::Look => !self.open,
            DoorKind::Open | DoorKind::Shut => true,
        }
    }
}

/// What has arrived and was not handled, in order.
#[derive(Clone, Default)]
struct Arrived(Arc<Mutex<Vec<(u32, DoorKind)>>>);

struct House {
    state: State,
    arrived: Arrived,
    wrong: Notes<String>,
}

impl House {
    fn handles(&self, number: u32) {
        let mut arrived = self.arrived.0.lock().unwrap();
        let place = arrived.iter().position(|(other, _)| *other == number);
        let Some(place) = place else {
            return self.wrong.add(format!("{number} is handled twice"));
        };
        let (_, kind) = arrived.remove(place);
        if !self.state.takes(kind) {
            self.wrong.add(format!("{number} was not ready"));
        }
        let earlier = arrived.iter().take(place);
        for (other, kind) in earlier {
            if self.state.takes(*kind) {
                self.wrong.add(format!(
                    "{number} was handled before {other}, which was ready"
                ));
            }
        }
    }
}

#[handlers]
impl DoorActor for House {
    fn ready(&self, next: DoorKind) -> bool {
        self.state.takes(next)
    }
    fn enter(&mut self, value: u32) {
        self.handles(value);
        self.state.inside += 1;
    }
    fn leave(&mut self, value: u32) {
        self.handles(value);
        self.state.inside -= 1;
    }
    async fn open(&mut self, value: u32) {
        self.handles(value);
        pause().await;
        self.state.open = true;
    }
    async fn shut(&mut self, value: u32) {
        self.handles(value);
        pause().await;
        self.state.open = false;
    }
    fn look(&mut self, value: u32) -> u32 {
        self.handles(value);
        self.state.inside
    }
}

#[actor]
enum Visitor {
    #[reply(())]
    Go(u32),
}

struct Person {
    door: DoorHandle,
    arrived: Arrived,
}

#[handlers]
impl VisitorActor for Person {
    async fn go(&mut self, value: u32, ctx: &mut Context<Visitor>) {
        for number in value..value + 6 {
            let (kind, message) = match ctx.random() % 5 {
                0 => (DoorKind::Enter, Door::Enter(number)),
                1 => (DoorKind::Leave, Door::Leave(number)),
                2 => (DoorKind::Open, Door::Open(number)),
                3 => (DoorKind::Shut, Door::Shut(number)),
                _ => (DoorKind::Look, Door::Look(number)),
            };
            self.arrived.0.lock().unwrap().push((number, kind));
            self.door.tell(message).unwrap();
            pause().await;
        }
    }
}

#[test]
fn what_is_ready_goes_in_the_order_of_arrival() {
    let faults = Faults::new().hold::<Door>(20, super::MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        |system| async move {
            let (arrived, wrong) = (Arrived::default(), Notes::default());
            let house = House {
                state: State::default(),
                arrived: arrived.clone(),
                wrong: wrong.clone(),
            };
            let seen = wrong.clone();
            system.always("the first that is ready", move || seen.are_none());
            let door = Door::spawn(&system, house);
            let people: Vec<_> = (0..2)
                .map(|_| {
                    let person = Person {
                        door: door.clone(),
                        arrived: arrived.clone(),
                    };
                    Visitor::spawn(&system, person)
                })
                .collect();
            let visits = (0..)
                .zip(&people)
                .map(|(one, person)| person.go(one * 10).send());
            for visit in visits.collect::<Vec<_>>() {
                visit.await.unwrap();
            }
            match below(&system, 3) {
                0 => door.kill(),
                _ => door.stop(),
            }
            door.stopped().await;
            let (left, stats) = (arrived.0.lock().unwrap().len() as u64, door.stats());
            assert_eq!((stats.dropped(), stats.queued()), (left, 0), "{stats:?}");
            assert_eq!(stats.handled(), 12 - left, "{stats:?}");
        },
    );
}
