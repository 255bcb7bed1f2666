//! A tell whose loss does not matter: lost, it is dropped once and counted.

mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;

use support::{Gate, within};
use zctor::prelude::*;

#[derive(Debug)]
struct Counted(Arc<AtomicU32>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_add(1, SeqCst);
    }
}

#[actor(mailbox = 1, overflow = reject)]
enum Strict {
    Pass,
    Take(Counted),
}

#[actor(mailbox = 1)]
enum Patient {
    Pass,
    Take(Counted),
}

struct Bin {
    gate: Gate,
    taken: Arc<AtomicU32>,
}

#[handlers]
impl StrictActor for Bin {
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn take(&mut self, _value: Counted) {
        self.taken.fetch_add(1, SeqCst);
    }
}

#[handlers]
impl PatientActor for Bin {
    fn pass(&mut self) {
        self.gate.pass();
    }
    fn take(&mut self, _value: Counted) {
        self.taken.fetch_add(1, SeqCst);
    }
}

fn bin() -> (Bin, Gate, Arc<AtomicU32>) {
    let (gate, taken) = (Gate::default(), Arc::new(AtomicU32::new(0)));
    let bin = Bin {
        gate: gate.clone(),
        taken: Arc::clone(&taken),
    };
    (bin, gate, taken)
}

#[test]
fn of_a_full_and_of_a_stopped_actor() {
    within(20, || {
        let system = System::new().unwrap();
        let (bin, gate, taken) = bin();
        let strict = Strict::spawn(&system, bin);
        let dropped = Arc::new(AtomicU32::new(0));
        strict.pass().or_drop();
        gate.await_arrival();
        for _ in 0..5 {
            strict.take(Counted(Arc::clone(&dropped))).or_drop();
        }
        assert_eq!((strict.dropped(), dropped.load(SeqCst)), (4, 4));
        gate.open();
        strict.stop();
        strict.take(Counted(Arc::clone(&dropped))).or_drop();
        strict.stopped().wait().unwrap();
        assert_eq!((strict.dropped(), dropped.load(SeqCst)), (5, 6));
        assert_eq!(taken.load(SeqCst), 1);
    });
}

#[test]
fn a_tell_that_would_wait_is_tried_once() {
    within(20, || {
        let system = System::new().unwrap();
        let (bin, gate, taken) = bin();
        let patient = Patient::spawn(&system, bin);
        let dropped = Arc::new(AtomicU32::new(0));
        patient.pass().wait().unwrap();
        gate.await_arrival();
        for _ in 0..3 {
            patient.take(Counted(Arc::clone(&dropped))).or_drop();
        }
        assert_eq!((patient.dropped(), dropped.load(SeqCst)), (2, 2));
        gate.open();
        patient.stop();
        patient.stopped().wait().unwrap();
        assert_eq!((taken.load(SeqCst), dropped.load(SeqCst)), (1, 3));
    });
}

/// Each message is counted once, whoever it was told by.
#[test]
fn it_is_dropped_and_not_returned_as_well() {
    within(10, || {
        let system = System::new().unwrap();
        let (bin, gate, drops) = bin();
        let strict = Strict::spawn(&system, bin);
        let recipient = strict.recipient(Strict::Take);
        let counted = || Counted(Arc::clone(&drops));
        strict.pass().unwrap();
        gate.await_arrival();
        strict.take(counted()).unwrap();
        assert!(strict.take(counted()).is_err());
        strict.take(counted()).or_drop();
        assert!(recipient.tell(counted()).is_err());
        recipient.tell(counted()).or_drop();
        let stats = strict.stats();
        assert_eq!((stats.returned(), stats.dropped()), (2, 2), "{stats}");
        gate.open();
        strict.stop();
        strict.stopped().wait().unwrap();
        let stats = strict.stats();
        assert_eq!((stats.sent(), stats.handled()), (6, 2), "{stats}");
    });
}
