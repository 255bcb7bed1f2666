//! An actor handles one message at a time, also while a handler awaits and
//! several workers could go on.

mod support;

use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::task::Poll;
use std::thread;
use support::within;
use zctor::prelude::*;

#[actor]
enum Lone {
    Work,
    #[reply(u32)]
    Worked,
}

#[derive(Default)]
struct Room {
    occupied: Arc<AtomicBool>,
    worked: u32,
}

#[handlers]
impl LoneActor for Room {
    async fn work(&mut self) {
        assert!(!self.occupied.swap(true, SeqCst), "two at a time");
        let mut polls = 0;
        poll_fn(|cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls > 3 {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
        self.worked += 1;
        assert!(self.occupied.swap(false, SeqCst));
    }
    fn worked(&self) -> u32 {
        assert!(!self.occupied.load(SeqCst), "two at a time");
        self.worked
    }
}

#[test]
fn from_many_senders() {
    within(60, || {
        let system = System::builder().workers(4).build().unwrap();
        let lone = Lone::spawn(&system, Room::default());
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1_000 {
                        lone.work().unwrap();
                    }
                    lone.worked().wait().unwrap();
                });
            }
        });
        assert_eq!(lone.worked().wait().unwrap(), 8_000);
        system.shutdown().wait().unwrap();
    });
}
