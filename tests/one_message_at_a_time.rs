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

#[derive(Default)]
struct Room {
    occupied: Arc<AtomicBool>,
    worked: u32,
}

impl Room {
    async fn occupy(&mut self) {
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

    fn look(&self) -> u32 {
        assert!(!self.occupied.load(SeqCst), "two at a time");
        self.worked
    }
}

macro_rules! from_many_senders {
    ($test:ident, $name:ident, $actor:ident, $mailbox:expr) => {
        #[actor(mailbox = $mailbox)]
        enum $name {
            Work,
            #[reply(u32)]
            Worked,
        }

        #[handlers]
        impl $actor for Room {
            async fn work(&mut self) {
                self.occupy().await;
            }
            fn worked(&self) -> u32 {
                self.look()
            }
        }

        #[test]
        fn $test() {
            within(60, || {
                let system = System::builder().workers(4).build().unwrap();
                let lone = $name::spawn(&system, Room::default());
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
    };
}

from_many_senders!(in_an_unbounded_mailbox, Lone, LoneActor, unbounded);
from_many_senders!(in_a_mailbox_without_a_lock, Free, FreeActor, lock_free);
