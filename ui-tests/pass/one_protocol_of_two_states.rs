//! A protocol may have several states: a test double is one of them.
use zctor::prelude::*;

#[actor]
enum Clock {
    #[reply(u64)]
    Now,
}

struct Wall(std::time::Instant);

#[handlers]
impl ClockActor for Wall {
    fn now(&self) -> u64 {
        self.0.elapsed().as_secs()
    }
}

struct Fixed(u64);

#[handlers]
impl ClockActor for Fixed {
    fn now(&self) -> u64 {
        self.0
    }
}

#[allow(refining_impl_trait)]
impl ClockActor for () {
    async fn now(&mut self, _: &mut Context<Clock>) -> u64 {
        7
    }
}

fn read(clock: &ClockHandle) -> zctor::Result<u64> {
    Ok(clock.now().wait()?)
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let clocks = [
        Clock::spawn(&system, Wall(std::time::Instant::now())),
        Clock::spawn(&system, Fixed(12)),
        Clock::spawn(&system, ()),
    ];
    assert!(read(&clocks[0])? < 1000);
    assert_eq!(read(&clocks[1])?, 12);
    assert_eq!(read(&clocks[2])?, 7);
    system.shutdown().wait()
}
