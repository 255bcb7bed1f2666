//! Ends: a stop drains, a kill does not, and a shutdown keeps its order and its
//! limit. Whatever was accepted and not handled is counted.

use std::time::Duration;

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};
use zctor::{ExitReason, ShutdownError};

use super::{MS, Notes, SECOND, below, pause, promise};

#[actor]
enum Guest {
    Eat(u32),
    #[priority(high)]
    Drink(u32),
    #[reply(u32)]
    Talk(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    Did(u32),
    Stopped,
}

struct Person(Notes<Note>);

#[handlers]
impl GuestActor for Person {
    fn on_stop(&mut self) {
        self.0.add(Note::Stopped);
    }
    async fn eat(&mut self, value: u32) {
        self.0.add(Note::Did(value));
        pause().await;
    }
    fn drink(&mut self, value: u32) {
        self.0.add(Note::Did(value));
    }
    fn talk(&mut self, value: u32) -> u32 {
        self.0.add(Note::Did(value));
        value
    }
}

/// Who sends, and says what was accepted.
#[actor]
enum Host {
    #[reply(Vec<u32>)]
    Serve(u32),
}

struct Kitchen {
    guest: GuestHandle,
    refused_before: bool,
}

#[handlers]
impl HostActor for Kitchen {
    async fn serve(&mut self, value: u32, ctx: &mut Context<Host>) -> Vec<u32> {
        let mut accepted = Vec::new();
        for number in value..value + 4 {
            let told = match ctx.random() % 2 {
                0 => self.guest.eat(number),
                _ => self.guest.drink(number),
            };
            match told {
                Ok(()) => {
                    assert!(!self.refused_before, "a closed door stays closed");
                    accepted.push(number);
                }
                Err(refused) => {
                    self.refused_before = true;
                    let (Guest::Eat(back) | Guest::Drink(back)) = refused.into_message() else {
                        panic!("another message came back");
                    };
                    assert_eq!(back, number);
                }
            }
            pause().await;
        }
        accepted
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Stop,
    Kill,
    LetGo,
    ShutDown,
}

async fn ending(system: SimSystem) {
    let notes = Notes::default();
    let guest = Guest::spawn(&system, Person(notes.clone()));
    let hosts: Vec<_> = (0..2)
        .map(|_| {
            let guest = guest.clone();
            let kitchen = Kitchen {
                guest,
                refused_before: false,
            };
            Host::spawn(&system, kitchen)
        })
        .collect();
    let served: Vec<_> = (0..)
        .zip(&hosts)
        .map(|(host, one)| one.serve(host * 10).send())
        .collect();
    let talk = guest.talk(100).send();
    for _ in 0..below(&system, 12) {
        pause().await;
    }
    let way = [Way::Stop, Way::Kill, Way::LetGo, Way::ShutDown][below(&system, 4) as usize];
    let (weak, stopped) = (guest.downgrade(), guest.stopped());
    let before = guest.stats();
    match way {
        Way::Stop => guest.stop(),
        Way::Kill => guest.kill(),
        Way::LetGo => {}
        Way::ShutDown => system.shutdown().await.unwrap(),
    }
    let counts = match way {
        Way::LetGo => None,
        _ => Some(guest.clone()),
    };
    drop(guest);
    let mut accepted = Vec::new();
    let mut all_served = true;
    for served in served {
        match served.await {
            Ok(served) => accepted.extend(served),
            // They were shut down as well, in the middle of it.
            Err(_) => all_served = false,
        }
    }
    let talked = talk.await;
    drop(hosts);
    let reason = stopped.await;
    assert!(weak.upgrade().is_none() || way != Way::LetGo);
    let notes = notes.all();
    let did = |number| notes.contains(&Note::Did(number));
    if way == Way::Kill {
        assert!(matches!(reason, ExitReason::Killed), "{reason}");
        assert!(!notes.contains(&Note::Stopped), "no hook after a kill");
    } else {
        assert!(reason.is_orderly(), "{reason}");
        assert_eq!(notes.last(), Some(&Note::Stopped), "the hook comes last");
        for number in &accepted {
            assert!(
                did(*number),
                "{number} was accepted, and is not handled: {notes:?}"
            );
        }
        assert_eq!(talked.as_ref().ok(), Some(&100), "it was queued before");
    }
    match talked {
        Ok(_) | Err(AskError::Stopped { .. }) => {}
        Err(other) => panic!("{other}"),
    }
    let handled = notes
        .iter()
        .filter(|note| matches!(note, Note::Did(_)))
        .count() as u64;
    if let Some(guest) = counts {
        let stats = guest.stats();
        assert_eq!((stats.handled(), stats.queued()), (handled, 0), "{stats:?}");
        assert!(stats.handled() >= before.handled());
        if all_served {
            let sent = accepted.len() as u64 + 1;
            assert_eq!(stats.handled() + stats.dropped(), sent, "{stats:?}");
            assert_eq!(stats.returned(), 8 - accepted.len() as u64, "{stats:?}");
        }
    }
}

#[test]
fn what_was_accepted_before_a_stop_is_handled() {
    let faults = Faults::new().hold::<Guest>(20, MS).hold::<Host>(20, MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()).fail_on_crash(),
        ending,
    );
}

// ---- a system

#[actor]
enum Room {
    #[reply(())]
    Sweep(Duration),
    Hang,
}

struct Floor {
    place: usize,
    ended: Notes<usize>,
}

#[handlers]
impl RoomActor for Floor {
    fn on_stop(&mut self) {
        self.ended.add(self.place);
    }
    async fn sweep(&mut self, value: Duration, ctx: &mut Context<Room>) {
        ctx.system().sleep(value).await;
    }
    async fn hang(&mut self) {
        std::future::pending().await
    }
}

#[supervisor]
enum Hotel {
    #[child(shutdown = "2s")]
    First(Room),
    #[child(shutdown = "2s")]
    Second(Room),
    #[child(shutdown = "2s")]
    Third(Room),
}

struct Floors(Notes<usize>);

impl Floors {
    fn floor(&self, place: usize) -> Child<Room> {
        let ended = self.0.clone();
        Room::child_with(move || Floor {
            place,
            ended: ended.clone(),
        })
    }
}

impl HotelChildren for Floors {
    fn first(&mut self, _: &HotelHandle) -> Child<Room> {
        self.floor(0)
    }
    fn second(&mut self, _: &HotelHandle) -> Child<Room> {
        self.floor(1)
    }
    fn third(&mut self, _: &HotelHandle) -> Child<Room> {
        self.floor(2)
    }
}

async fn closing(system: SimSystem) {
    let ended = Notes::default();
    let hotel = Hotel::start(&system, Floors(ended.clone())).await.unwrap();
    let rooms = [hotel.first(), hotel.second(), hotel.third()];
    let lobby = Room::spawn(
        &system,
        Floor {
            place: 9,
            ended: ended.clone(),
        },
    );
    let hangs = |system: &SimSystem| below(system, 4) == 0;
    let mut asks = Vec::new();
    let mut hung = Vec::new();
    for room in rooms.iter().chain([&lobby]) {
        let takes = SECOND * below(&system, 2) as u32;
        asks.push(room.sweep(takes).send());
        let hang = hangs(&system);
        if hang {
            room.hang().unwrap();
            asks.push(room.sweep(SECOND).send());
        }
        hung.push(hang);
        pause().await;
    }
    let began = system.elapsed();
    let over = system.shutdown().await;
    // Ten seconds are the limit of the system; its hotel takes two for each
    // floor, and then kills.
    let took = system.elapsed() - began;
    assert!(took <= 10 * SECOND, "{took:?}");
    let stuck = hung[3];
    assert_eq!(over.is_err(), stuck, "{over:?}");
    if let Err(failure) = over {
        let error = failure.downcast_ref::<ShutdownError>().unwrap();
        assert_eq!(error.killed(), [lobby.label()]);
        assert_eq!(took, 10 * SECOND);
    }
    for ask in asks {
        match ask.await {
            Ok(()) | Err(AskError::Stopped { .. }) => {}
            Err(other) => panic!("{other}"),
        }
    }
    for (place, room) in rooms.iter().chain([&lobby]).enumerate() {
        assert!(!room.is_alive());
        let place = if place == 3 { 9 } else { place };
        let hung = if place == 9 { stuck } else { hung[place] };
        assert_eq!(
            ended.all().contains(&place),
            !hung,
            "its hook runs unless it hangs"
        );
    }
    let floors: Vec<_> = ended
        .all()
        .into_iter()
        .filter(|place| *place != 9)
        .collect();
    assert!(
        floors.is_sorted_by(|a, b| a > b),
        "the last one first: {floors:?}"
    );
    assert_eq!(system.actor_count(), 0);
}

#[test]
fn a_shutdown_keeps_its_order_and_its_limit() {
    promise(3_200, |explorer| explorer.fail_on_crash(), closing);
}
