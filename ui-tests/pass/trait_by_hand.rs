//! The trait is an ordinary one: its methods return futures of what the handlers give.
use std::future::{Future, ready};
use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
    #[reply(i64, error = String)]
    Take { most: i64 },
}

#[derive(Default)]
struct Tally(i64);

#[allow(refining_impl_trait)]
impl CounterActor for Tally {
    fn on_start(
        &mut self,
        _: &mut Context<Counter>,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        self.0 = 10;
        ready(Ok(()))
    }
    fn add(&mut self, by: i64, _: &mut Context<Counter>) -> impl Future<Output = ()> + Send {
        self.0 += by;
        ready(())
    }
    async fn get(&mut self, ctx: &mut Context<Counter>) -> Result<i64, Failure> {
        assert!(ctx.name().is_none());
        Ok(self.0)
    }
    async fn take(&mut self, most: i64, _: &mut Context<Counter>) -> Result<i64, String> {
        if self.0 < most { Err("too few".to_owned()) } else { Ok(most) }
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally::default());
    counter.add(5)?;
    assert_eq!(counter.get().wait()?, 15);
    assert_eq!(counter.take(3).wait().ok(), Some(3));
    assert!(matches!(counter.take(90).wait(), Err(AskError::Failed(_))));
    system.shutdown().wait()
}
