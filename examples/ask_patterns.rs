//! Seven ways to ask an actor something: wait, limit, ask many at once, get
//! the handler's own error, ask from another actor, leave it, and what is
//! said when the actor has gone.

use std::fmt;
use std::time::Duration;
use zctor::prelude::*;

/// A weather station.
#[actor(timeout = "2s")]
enum Station {
    /// The temperature in degrees.
    #[reply(f32)]
    Temperature,
    /// The highest value of a day, counted back from today.
    #[reply(f32, error = NoRecord)]
    Highest { days_ago: usize },
    /// Asks the satellite, which takes its time.
    #[reply(String)]
    Picture,
    /// Reads the sensor.
    #[internal]
    Measure,
}

#[derive(Debug)]
struct NoRecord {
    days: usize,
}

impl fmt::Display for NoRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the records go back {} days", self.days)
    }
}

impl std::error::Error for NoRecord {}

struct Mast {
    temperature: f32,
    highest: Vec<f32>,
}

#[handlers]
impl StationActor for Mast {
    fn on_start(&mut self, ctx: &mut Context<Station>) {
        ctx.send_every(Duration::from_millis(10), || Station::Measure);
    }

    fn temperature(&self) -> f32 {
        self.temperature
    }

    fn highest(&self, days_ago: usize) -> Result<f32, NoRecord> {
        self.highest.get(days_ago).copied().ok_or(NoRecord {
            days: self.highest.len(),
        })
    }

    // A handler may await as long as it likes: other actors go on meanwhile.
    async fn picture(&mut self) -> String {
        std::future::pending().await
    }

    fn measure(&mut self) {
        self.temperature += 0.1;
    }
}

/// Reads the weather out, and asks the station for it first.
#[actor]
enum Announcer {
    #[reply(String)]
    Announce,
}

struct Speaker {
    station: StationHandle,
}

#[handlers]
impl AnnouncerActor for Speaker {
    // An actor awaits; `.wait()` would hold up the thread, and is refused. `?`
    // crashes this actor, and whoever asked it gets `Crashed`.
    async fn announce(&mut self) -> Result<String, Failure> {
        let now = self.station.temperature().await?;
        let highest = self.station.highest(0).await?;
        Ok(format!("{now:.0} degrees, after {highest:.0} at noon"))
    }
}

fn main() -> zctor::Result<()> {
    let system = System::builder().name("weather").build()?;
    ask(&system)?;
    system.shutdown().wait()
}

/// Whatever system it is: one with threads, or a simulation.
pub fn ask(system: &System) -> zctor::Result<()> {
    let mast = || Mast {
        temperature: 19.0,
        highest: vec![23.0, 21.5],
    };
    let station = Station::spawn(system, mast());

    // Wait for the reply on a plain thread. Async code awaits it.
    println!("wait      {:.0}", station.temperature().wait()?);

    // Send several, then collect: they are queued now, in this order.
    let sent: Vec<_> = (0..2).map(|day| station.highest(day).send()).collect();
    for reply in sent {
        println!("send      {}", reply.wait()?);
    }

    // The handler's own error comes among the others.
    match station.highest(7).wait() {
        Err(AskError::Failed(NoRecord { days })) => println!("failed    only {days} days"),
        other => println!("{other:?}"),
    }

    // Another actor asks.
    let announcer = Announcer::spawn(
        system,
        Speaker {
            station: station.clone(),
        },
    );
    println!("actor     {}", announcer.announce().wait()?);

    // Not queued until it is awaited, so this asks for nothing.
    drop(station.temperature());

    // A limit for this ask, in place of the 2 s of the enum.
    let late = station.picture().timeout(Duration::from_millis(50)).wait();
    println!("timeout   {}", late.unwrap_err());

    // The station still waits for its satellite. A kill ends that.
    let pending = station.temperature().send();
    station.kill();
    println!("stopped   {}", pending.wait().unwrap_err());
    Ok(())
}
