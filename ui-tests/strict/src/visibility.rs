//! Enums of every visibility.

use zctor::prelude::*;

/// For this module.
#[actor(double)]
enum Private {
    /// It rings.
    Ping,
    /// It is hit.
    Pong {
        /// How often.
        count: u8,
    },
    /// The largest.
    #[reply(u8)]
    Get(u8, u8, u8, u8, u8, u8, u8, u8),
    /// Many at once.
    #[batch]
    Write(u8),
    /// The latest.
    #[latest(by = 0)]
    Place(u8),
}

/// Inside of the module.
pub mod inner {
    use zctor::prelude::*;

    /// For the module above.
    #[actor(double)]
    pub(super) enum Above {
        /// It answers.
        #[reply(u8)]
        Ping,
    }

    /// For the crate.
    #[actor(double)]
    pub(crate) enum Everywhere {
        /// It says so.
        Say {
            /// How.
            word: String,
        },
        /// It answers.
        #[reply(u8)]
        Ping,
        /// Many at once.
        #[batch]
        Write(u8),
        /// The latest.
        #[latest(by = 0)]
        Place(u8),
    }

    /// For the module above, by its path.
    #[actor]
    pub(in crate::visibility) enum Inside {
        /// It answers.
        #[reply(u8)]
        Ping,
    }
}

/// What answers.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Drawer {
    /// The last that was seen.
    last: u8,
}

#[handlers]
impl PrivateActor for Drawer {
    fn ping(&mut self) {}
    fn pong(&mut self, count: u8) {
        self.last = count;
    }
    fn get(&self, a: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8, h: u8) -> u8 {
        let largest = a.max(b).max(c).max(d).max(e).max(f).max(g).max(h);
        largest.max(self.last)
    }
    fn write(&mut self, batch: zctor::Batch<u8>) {
        self.last = batch.last().unwrap_or(0);
    }
    fn place(&mut self, value: u8) {
        self.last = value;
    }
}

#[handlers]
impl inner::AboveActor for Drawer {
    fn ping(&self) -> u8 {
        self.last
    }
}

#[handlers]
impl inner::EverywhereActor for Drawer {
    fn say(&mut self, word: String) {
        self.last = u8::from(word.is_empty());
    }
    fn ping(&self) -> u8 {
        self.last
    }
    fn write(&mut self, batch: zctor::Batch<u8>) {
        self.last = batch.last().unwrap_or(0);
    }
    fn place(&mut self, value: u8) {
        self.last = value;
    }
}

#[handlers]
impl inner::InsideActor for Drawer {
    fn ping(&self) -> u8 {
        self.last
    }
}

/// What the enums above are used by.
///
/// # Errors
///
/// If one of them ends before its time.
#[inline]
pub fn uses(system: &System) -> zctor::Result<u8> {
    let private = Private::spawn(system, Drawer::default());
    private.ping()?;
    private.pong(1)?;
    private.write(1)?;
    private.place(1)?;
    let everywhere = inner::Everywhere::spawn(system, Drawer::default());
    everywhere.say("word".to_owned())?;
    everywhere.write(1)?;
    everywhere.place(1)?;
    let above = inner::Above::spawn(system, Drawer::default());
    let inside = inner::Inside::spawn(system, Drawer::default());
    let first = private.get(1, 2, 3, 4, 5, 6, 7, 8).wait()?;
    let second = everywhere.ping().wait()?;
    Ok(first
        .max(second)
        .max(above.ping().wait()?)
        .max(inside.ping().wait()?))
}
