//! `.wait()` in a handler would block a worker. It is refused at once, and
//! whatever was to be sent is not lost.

mod support;

use support::within;
use zctor::prelude::*;
use zctor::{StartError, Undelivered};

#[actor(mailbox = 1)]
enum Target {
    Put(u32),
    #[reply(u32)]
    Get,
}

struct Cell(u32);

#[handlers]
impl TargetActor for Cell {
    fn put(&mut self, value: u32) {
        self.0 = value;
    }
    fn get(&self) -> u32 {
        self.0
    }
}

#[actor]
enum Impatient {
    #[reply(())]
    TryAll,
}

struct Waits(TargetHandle);

#[handlers]
impl ImpatientActor for Waits {
    fn try_all(&mut self, ctx: &mut Context<Impatient>) {
        let target = &self.0;
        let error = target.put(7).wait().unwrap_err();
        assert_eq!(error.reason(), Undelivered::WaitInHandler);
        assert!(
            error.to_string().contains("make the handler an `async fn`"),
            "{error}"
        );
        assert!(matches!(error.into_message(), Target::Put(7)));
        assert!(matches!(
            target.get().wait(),
            Err(AskError::WaitInHandler { message: "Get", .. })
        ));
        assert!(matches!(
            target.get().send().wait(),
            Err(AskError::WaitInHandler { .. })
        ));
        assert!(matches!(
            target.started().wait(),
            Err(StartError::WaitInHandler(_))
        ));
        assert!(target.stopped().wait().is_err());
        assert!(ctx.system().shutdown().wait().is_err());
        assert!(zctor::wait(async {}).is_err());
    }
}

#[test]
fn whatever_is_waited_for() {
    within(10, || {
        let system = System::builder().workers(1).build().unwrap();
        let target = Target::spawn(&system, Cell(1));
        let impatient = Impatient::spawn(&system, Waits(target.clone()));
        impatient.try_all().wait().unwrap();
        assert_eq!(
            target.get().wait().unwrap(),
            1,
            "the tell was not delivered"
        );
        system.shutdown().wait().unwrap();
    });
}

/// Also one with a thread of its own, which it does not have there.
#[test]
fn a_simulation_has_one_thread_for_all_and_says_so() {
    #[actor(thread = dedicated)]
    enum Own {
        #[reply(u32)]
        Ping,
        #[reply(u32)]
        Ask(OwnHandle),
    }
    struct Desk;
    #[handlers]
    impl OwnActor for Desk {
        fn ping(&self) -> u32 {
            1
        }
        fn ask(&mut self, other: OwnHandle) -> Result<u32, Failure> {
            Ok(other.ping().wait()?)
        }
    }
    let refused = zctor::sim::Sim::new(1).run(|system| async move {
        let other = Own::spawn(&system, Desk);
        let waits = Own::spawn(&system, Desk);
        waits.ask(other).await.unwrap_err().to_string()
    });
    let refused = refused.unwrap();
    assert!(
        refused.contains("(a simulation has one thread for all)"),
        "{refused}"
    );
}
