//! What an actor sends to itself is offered to `ready` like mail.

mod support;

use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;
use support::{eventually, within};
use zctor::prelude::*;

#[actor]
enum Diary {
    Write(u32),
    #[internal]
    Page(u32),
    #[internal]
    Tick,
    Unlock,
    Forget,
    #[reply(Vec<u32>)]
    Read,
}

struct Book {
    open: bool,
    pages: Vec<u32>,
    timer: Option<zctor::TimerKey>,
    made: Arc<AtomicU32>,
}

impl Book {
    fn new(made: &Arc<AtomicU32>) -> Book {
        Book {
            open: false,
            pages: Vec::new(),
            timer: None,
            made: Arc::clone(made),
        }
    }
}

#[handlers]
impl DiaryActor for Book {
    fn ready(&self, next: DiaryKind) -> bool {
        self.open || !matches!(next, DiaryKind::Page | DiaryKind::Tick)
    }
    fn on_start(&mut self, ctx: &mut Context<Diary>) {
        let made = Arc::clone(&self.made);
        let every = Duration::from_millis(2);
        self.timer = Some(ctx.send_every(every, move || {
            made.fetch_add(1, SeqCst);
            Diary::Tick
        }));
    }
    fn write(&mut self, value: u32, ctx: &mut Context<Diary>) -> Result<(), Failure> {
        Ok(ctx.send(Diary::Page(value))?)
    }
    fn page(&mut self, value: u32) {
        self.pages.push(value);
    }
    fn tick(&mut self, ctx: &mut Context<Diary>) {
        self.pages.push(1000);
        if let Some(timer) = self.timer.take() {
            assert!(ctx.cancel(timer), "it goes on after a tick that was held");
        }
    }
    fn unlock(&mut self) {
        self.open = true;
    }
    fn forget(&mut self, ctx: &mut Context<Diary>) {
        if let Some(timer) = self.timer.take() {
            assert!(ctx.cancel(timer), "also if its message is held");
            assert!(!ctx.cancel(timer));
        }
    }
    fn read(&mut self) -> Vec<u32> {
        self.pages.clone()
    }
}

#[test]
fn its_own_messages_are_offered_like_mail() {
    within(20, || {
        let system = System::new().unwrap();
        let made = Arc::default();
        let diary = Diary::spawn(&system, Book::new(&made));
        for number in 0..100 {
            diary.write(number).unwrap();
        }
        thread::sleep(Duration::from_millis(20));
        assert_eq!(diary.read().wait().unwrap(), []);
        assert_eq!(made.load(SeqCst), 1, "at most one tick waits");
        diary.unlock().unwrap();
        eventually("all are handled", || {
            diary.read().wait().unwrap().len() == 101
        });
        let read = diary.read().wait().unwrap();
        let pages: Vec<_> = read.iter().copied().filter(|page| *page < 1000).collect();
        assert_eq!(pages, (0..100).collect::<Vec<_>>());
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn a_timer_can_be_cancelled_while_its_message_is_held() {
    within(20, || {
        let system = System::new().unwrap();
        let made = Arc::default();
        let diary = Diary::spawn(&system, Book::new(&made));
        eventually("a tick is held", || {
            diary.read().wait().unwrap();
            made.load(SeqCst) == 1
        });
        diary.forget().unwrap();
        diary.unlock().unwrap();
        thread::sleep(Duration::from_millis(10));
        assert_eq!(diary.read().wait().unwrap(), []);
        system.shutdown().wait().unwrap();
    });
}

#[test]
fn its_own_held_messages_are_dropped_and_counted_at_the_end() {
    within(20, || {
        let system = System::new().unwrap();
        let made = Arc::default();
        let diary = Diary::spawn(&system, Book::new(&made));
        for number in 0..10 {
            diary.write(number).unwrap();
        }
        diary.forget().unwrap();
        diary.read().wait().unwrap();
        diary.stop();
        assert!(diary.stopped().wait().unwrap().is_orderly());
        assert_eq!(diary.dropped(), 10);
        system.shutdown().wait().unwrap();
    });
}
