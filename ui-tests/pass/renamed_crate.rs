//! zctor under another name, in a module of the user's.
mod vendor {
    pub mod actors {
        pub use zctor::*;
    }
}

use vendor::actors::prelude::{Context, System};
use vendor::actors::{Protocol, Spawn};

#[vendor::actors::actor(crate = crate::vendor::actors, mailbox = 8)]
enum Counter<T = i64> {
    Add { by: T },
    #[reply(i64)]
    Get,
}

#[derive(Default)]
struct Tally(i64);

#[vendor::actors::handlers(crate = vendor::actors)]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self, ctx: &mut Context<Counter>) -> i64 {
        assert_eq!(ctx.handle().capacity(), Some(8));
        self.0
    }
}

fn main() -> vendor::actors::Result<()> {
    let system = System::new()?;
    let counter = Counter::<i64>::spawn(&system, Tally::default());
    counter.add(5).wait()?;
    assert_eq!(counter.get().wait()?, 5);
    assert_eq!(Counter::<i64>::NAME, "Counter");
    system.shutdown().wait()
}
