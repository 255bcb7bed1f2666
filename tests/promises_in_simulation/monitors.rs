//! Monitors: one notice for each, with the reason, behind everything that the
//! ended actor had sent; at once if it had ended already.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};

use zctor::prelude::*;
use zctor::sim::{Faults, SimSystem};
use zctor::{Exit, ExitReason, MonitorKey};

use super::{MS, Notes, SECOND, below, pause, promise};

/// Sends some notes, and ends.
#[actor]
enum Subject {
    Report,
    End(u64),
}

struct Someone {
    guards: Vec<GuardHandle>,
    reported: Arc<AtomicU32>,
}

#[handlers]
impl SubjectActor for Someone {
    async fn report(&mut self) {
        let number = self.reported.fetch_add(1, SeqCst);
        for guard in &self.guards {
            guard.note(number).unwrap();
        }
        pause().await;
    }
    fn end(&mut self, value: u64, ctx: &mut Context<Subject>) {
        match value {
            0 => ctx.stop(),
            1 => ctx.fail(Failure::msg("enough")),
            _ => ctx.shut_down("evening"),
        }
    }
}

#[actor]
enum Guard {
    Watch {
        number: u32,
        whom: SubjectHandle,
    },
    Forget,
    Note(u32),
    #[internal]
    Gone {
        number: u32,
        exit: Exit,
    },
}

struct Eyes {
    noted: u32,
    keys: Vec<(MonitorKey, u32)>,
    forgotten: Notes<u32>,
    gone: Notes<Notice>,
}

#[derive(Debug, Clone)]
struct Notice {
    number: u32,
    reason: ExitReason,
    /// How many notes had come before.
    noted: u32,
}

#[handlers]
impl GuardActor for Eyes {
    fn watch(&mut self, number: u32, whom: SubjectHandle, ctx: &mut Context<Guard>) {
        let key = ctx.monitor(&whom, move |exit| Guard::Gone { number, exit });
        self.keys.push((key, number));
    }
    fn forget(&mut self, ctx: &mut Context<Guard>) {
        if let Some((key, number)) = self.keys.pop()
            && ctx.demonitor(key)
        {
            self.forgotten.add(number);
        }
    }
    async fn note(&mut self, value: u32) {
        self.noted = value + 1;
        pause().await;
    }
    fn gone(&mut self, number: u32, exit: Exit) {
        let (reason, noted) = (exit.reason().clone(), self.noted);
        self.gone.add(Notice {
            number,
            reason,
            noted,
        });
    }
}

async fn scenario(system: SimSystem) {
    let (gone, forgotten) = (Notes::default(), Notes::default());
    let guards: Vec<_> = (0..2)
        .map(|_| {
            let eyes = Eyes {
                noted: 0,
                keys: Vec::new(),
                forgotten: forgotten.clone(),
                gone: gone.clone(),
            };
            Guard::spawn(&system, eyes)
        })
        .collect();
    let reported = Arc::new(AtomicU32::new(0));
    let someone = Someone {
        guards: guards.clone(),
        reported: Arc::clone(&reported),
    };
    let subject = Subject::spawn(&system, someone);
    let mut watched = 0;
    for _ in 0..8 {
        match below(&system, 8) {
            0..4 => {
                let guard = &guards[below(&system, 2) as usize];
                let whom = subject.clone();
                guard.watch(watched, whom).unwrap();
                watched += 1;
            }
            4 => guards[below(&system, 2) as usize].forget().unwrap(),
            5 => pause().await,
            _ => drop(subject.report()),
        }
    }
    match below(&system, 4) {
        0 => subject.kill(),
        1 => subject.stop(),
        _ => {
            // It may have been killed before.
            let _ = subject.end(below(&system, 3));
        }
    }
    // Some come too late.
    for guard in &guards {
        if below(&system, 2) == 0 {
            guard.watch(watched, subject.clone()).unwrap();
            watched += 1;
        }
    }
    let reason = subject.stopped().await;
    let reported = reported.load(SeqCst);
    for guard in &guards {
        guard.watch(watched, subject.clone()).unwrap();
        watched += 1;
    }
    system.sleep(60 * SECOND).await;
    let (gone, forgotten) = (gone.all(), forgotten.all());
    for number in 0..watched {
        let notices = gone.iter().filter(|notice| notice.number == number).count();
        let expected = usize::from(!forgotten.contains(&number));
        assert_eq!(notices, expected, "notices of monitor {number}: {gone:?}");
    }
    for notice in &gone {
        let told = notice.reason.to_string();
        assert_eq!(told, reason.to_string(), "with the reason");
        assert_eq!(notice.noted, reported, "behind what it had sent: {gone:?}");
    }
}

#[test]
fn each_monitor_is_told_once_and_last() {
    let faults = Faults::new()
        .panic::<Subject>(10)
        .kill::<Subject>(10)
        .hold::<Guard>(10, 5 * MS)
        .hold::<Subject>(10, 5 * MS);
    promise(
        6_000,
        move |explorer| explorer.faults(faults.clone()),
        scenario,
    );
}
