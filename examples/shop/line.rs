//! Where orders are worked on: pickers and packers.

use std::time::Duration;

use zctor::prelude::*;

use crate::shop::LedgerHandle;

/// Fetches what was ordered.
#[actor]
pub(crate) enum Picker {
    Pick(u64),
    Panic,
}

/// Packs it, and has it written down.
#[actor(mailbox = 256)]
pub(crate) enum Packer {
    Pack(u64),
    Panic,
}

/// Pickers depend on packers: those are declared first, and a packer that
/// crashes takes the pickers along.
#[supervisor(
    strategy = rest_for_one,
    max_restarts = 100,
    within = "1s",
    backoff(min = "1ms", max = "50ms")
)]
pub(crate) enum Line {
    #[child(count = 2, shutdown = "2s")]
    Packer(Packer),
    #[child(count = 3, shutdown = "2s")]
    Picker(Picker),
}

/// What the line is made of.
pub(crate) struct Tables {
    pub(crate) ledger: LedgerHandle,
}

impl LineChildren for Tables {
    fn packer(&mut self, _: &LineHandle, _index: usize) -> Child<Packer> {
        Packer::child(Table {
            ledger: self.ledger.clone(),
        })
    }

    fn picker(&mut self, line: &LineHandle, index: usize) -> Child<Picker> {
        Picker::child(Cart {
            packer: line.packer(index % 2),
        })
    }
}

struct Cart {
    packer: PackerHandle,
}

#[handlers]
impl PickerActor for Cart {
    async fn pick(&mut self, value: u64) {
        // It waits for room on the table. One that cannot be packed now comes
        // again: the desk sees to that.
        let _ = self.packer.pack(value).await;
    }

    fn panic(&mut self) {
        panic!("the cart is in the ditch");
    }
}

struct Table {
    ledger: LedgerHandle,
}

#[handlers]
impl PackerActor for Table {
    async fn pack(&mut self, value: u64) {
        let _ = self
            .ledger
            .finish(value)
            .timeout(Duration::from_millis(500))
            .await;
    }

    fn panic(&mut self) {
        panic!("the table has broken down");
    }
}
