//! Derives above and below `#[actor]`, and the enum as a plain value.
use zctor::prelude::*;

#[derive(Debug, Clone, PartialEq)]
#[actor]
enum Above {
    Add { by: i64 },
    #[reply(i64)]
    Get,
}

#[actor]
#[derive(Debug, Clone, PartialEq, Default)]
#[repr(u8)]
enum Below {
    Add { by: i64 },
    #[default]
    #[reply(i64)]
    Get,
}

#[derive(Default)]
struct Tally(i64);

#[handlers]
impl AboveActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 += by;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

#[handlers]
impl BelowActor for Tally {
    fn add(&mut self, by: i64) {
        self.0 -= by;
    }
    fn get(&self) -> i64 {
        self.0
    }
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let above = Above::spawn(&system, Tally::default());
    let below = Below::spawn(&system, Tally::default());
    let message = Above::Add { by: 5 };
    above.tell(message.clone())?;
    above.tell(Above::Get)?;
    below.add(5)?;
    assert_eq!(above.get().wait()?, 5);
    assert_eq!(below.get().wait()?, -5);
    assert_eq!(format!("{message:?} {:?}", Below::default()), "Add { by: 5 } Get");
    above.stop();
    above.stopped().wait()?;
    let error = above.tell(message.clone()).unwrap_err();
    assert_eq!(error.into_message(), message);
    system.shutdown().wait()
}
