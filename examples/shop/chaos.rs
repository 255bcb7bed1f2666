//! What can happen to the staff.

use std::fmt;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::Duration;

use crate::shop::ShopHandle;

#[derive(Default)]
pub(crate) struct Deeds {
    panics: u32,
    kills: u32,
    stops: u32,
}

impl fmt::Display for Deeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Deeds {
            panics,
            kills,
            stops,
        } = self;
        write!(f, "{panics} panics, {kills} kills and {stops} stops")
    }
}

/// Until it is over, something happens every few milliseconds.
pub(crate) fn reign(shop: &ShopHandle, over: &AtomicBool) -> Deeds {
    let mut deeds = Deeds::default();
    while !over.load(Relaxed) {
        thread::sleep(Duration::from_millis(fastrand::u64(5..25)));
        let line = shop.line();
        let (picker, packer) = (fastrand::usize(0..3), fastrand::usize(0..2));
        let told = match fastrand::u32(0..12) {
            0 => shop.ledger().panic().is_ok(),
            1 => shop.desk().panic().is_ok(),
            2..=4 => line.packer(packer).panic().try_now().is_ok(),
            5..=7 => line.picker(picker).panic().is_ok(),
            8 => {
                line.picker(picker).stop();
                deeds.stops += 1;
                false
            }
            9 => {
                line.kill();
                deeds.kills += 1;
                false
            }
            _ => {
                line.packer(packer).kill();
                deeds.kills += 1;
                false
            }
        };
        deeds.panics += u32::from(told);
    }
    deeds
}
