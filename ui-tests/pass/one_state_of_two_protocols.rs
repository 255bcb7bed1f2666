//! A state may serve several protocols, also with methods of the same name.
use zctor::prelude::*;

#[actor]
enum Counter {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

#[actor]
enum Health {
    #[reply(&'static str)]
    Get,
}

#[derive(Default)]
struct Service(i64);

#[handlers]
impl CounterActor for Service {
    fn on_start(&mut self) {
        self.0 = 100;
    }
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

#[handlers]
impl HealthActor for Service {
    fn get(&self) -> &'static str {
        if self.0 == 0 { "idle" } else { "busy" }
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let counter = Counter::spawn(&system, Service::default());
    let health = Health::spawn(&system, Service::default());
    counter.add(1)?;
    assert_eq!(counter.get().wait()?, 101);
    assert_eq!(health.get().wait()?, "idle");
    system.shutdown().wait()
}
