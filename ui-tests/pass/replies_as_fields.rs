//! A reply in a message is a field like any other, also beside one of its own.
use zctor::prelude::*;

#[actor]
enum Counter {
    Add(i64),
    Pass { reply: Reply<i64> },
    PassLast(u8, Reply<i64>),
    #[reply(i64, deferred)]
    Both { other: Reply<i64> },
    #[reply(i64)]
    Either { other: Reply<i64> },
}

#[actor]
enum Front {
    #[reply(i64, deferred)]
    Get,
    #[reply(i64, deferred)]
    Last,
}

struct Tally(i64);

#[handlers]
impl CounterActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn pass(&mut self, reply: Reply<i64>) {
        reply.send(self.0);
    }
    fn pass_last(&mut self, _: u8, reply: Reply<i64>, _ctx: &mut Context<Counter>) {
        reply.send(self.0);
    }
    fn both(&mut self, other: Reply<i64>, reply: Reply<i64>) {
        other.send(self.0);
        reply.send(self.0 + 1);
    }
    fn either(&mut self, other: Reply<i64>) -> i64 {
        other.send(self.0);
        self.0
    }
}

struct Door(CounterHandle);

#[handlers]
impl FrontActor for Door {
    fn get(&mut self, reply: Reply<i64>) -> Result<(), Failure> {
        self.0.tell(Counter::Pass { reply })?;
        Ok(())
    }
    fn last(&mut self, reply: Reply<i64>) -> Result<(), Failure> {
        self.0.pass_last(1, reply)?;
        Ok(())
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Tally(0));
    let front = Front::spawn(&system, Door(counter.clone()));
    counter.add(5)?;
    assert_eq!(front.get().wait()?, 5);
    assert_eq!(front.last().wait()?, 5);
    system.shutdown().wait()
}
