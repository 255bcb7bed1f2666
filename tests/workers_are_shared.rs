//! No actor keeps others from their turn: neither one that always has work,
//! nor, as long as another worker is free, one that blocks its thread.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use support::{Gate, within};
use zctor::prelude::*;

#[actor]
enum Busy {
    /// Goes on for ever.
    Spin,
    Flood,
    #[reply(u32)]
    Ping,
    Block,
    /// Tells the peer to block, has more work, and only then would go on.
    Strand {
        steps: u32,
    },
}

#[derive(Default)]
struct Bee {
    gate: Gate,
    flood_handled: u32,
    peer: Option<BusyHandle>,
    arrived: Arc<AtomicBool>,
}

#[handlers]
impl BusyActor for Bee {
    fn spin(&mut self, ctx: &mut Context<Busy>) -> Result<(), Failure> {
        Ok(ctx.send(Busy::Spin)?)
    }
    fn flood(&mut self) {
        self.flood_handled += 1;
        std::hint::black_box((0..200).sum::<u32>());
    }
    fn ping(&self) -> u32 {
        self.flood_handled
    }
    fn block(&mut self) {
        self.gate.pass();
    }
    fn strand(&mut self, steps: u32, ctx: &mut Context<Busy>) -> Result<(), Failure> {
        if let (300, Some(peer)) = (steps, &self.peer) {
            peer.block()?;
        }
        match steps.checked_sub(1) {
            Some(steps) => ctx.send(Busy::Strand { steps })?,
            None => self.arrived.store(true, SeqCst),
        }
        Ok(())
    }
}

#[test]
fn an_actor_with_endless_work_does_not_starve_its_own_mail_or_others() {
    within(30, || {
        let system = System::builder().workers(1).build().unwrap();
        let busy = Busy::spawn(&system, Bee::default());
        let other = Busy::spawn(&system, Bee::default());
        busy.spin().unwrap();
        for _ in 0..100 {
            assert_eq!(other.ping().wait().unwrap(), 0);
            assert_eq!(busy.ping().wait().unwrap(), 0);
        }
        busy.kill();
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_flooded_actor_does_not_hold_up_its_neighbour() {
    within(60, || {
        const FLOOD: u32 = 300_000;
        let system = System::builder().workers(1).build().unwrap();
        let gate = Gate::default();
        let flooded = Busy::spawn(
            &system,
            Bee {
                gate: gate.clone(),
                ..Bee::default()
            },
        );
        let neighbour = Busy::spawn(&system, Bee::default());
        flooded.block().unwrap();
        for _ in 0..FLOOD {
            flooded.flood().unwrap();
        }
        gate.open();
        assert_eq!(neighbour.ping().wait().unwrap(), 0);
        assert!(
            flooded.queued() > 0,
            "the neighbour had its turn before the flood was over"
        );
        assert_eq!(flooded.ping().wait().unwrap(), FLOOD);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn what_waits_behind_a_blocking_handler_is_taken_over() {
    within(30, || {
        let system = System::builder().workers(2).build().unwrap();
        for _ in 0..20 {
            let (gate, arrived) = (Gate::default(), Arc::new(AtomicBool::new(false)));
            let blocker = Busy::spawn(
                &system,
                Bee {
                    gate: gate.clone(),
                    ..Bee::default()
                },
            );
            let walker = Bee {
                peer: Some(blocker.clone()),
                arrived: Arc::clone(&arrived),
                ..Bee::default()
            };
            let walker = Busy::spawn(&system, walker);
            walker.strand(300).unwrap();
            // Answered although the blocker holds a worker, maybe this one's.
            gate.await_arrival();
            support::eventually("the walker arrives", || arrived.load(SeqCst));
            gate.open();
        }
        system.shutdown().wait().unwrap();
    });
}
