//! An enum and its handlers from a macro, with fragments of every kind that fits.
use zctor::prelude::*;

const ROOM: usize = 4;

macro_rules! cell {
    ($(#[$meta:meta])* $vis:vis $name:ident, $trait:ident, $state:ident, $ty:ty, $room:expr, $limit:literal, $path:path) => {
        $(#[$meta])*
        #[actor(double, mailbox = $room, timeout = $limit)]
        $vis enum $name {
            Set { value: $ty },
            #[reply($ty)]
            Get,
            #[reply(Result<$ty, String>)]
            Checked(#[allow(unused)] $ty),
        }

        $vis struct $state($ty);

        #[handlers]
        impl $trait for $state {
            fn set(&mut self, value: $ty) {
                self.0 = value;
            }
            fn get(&self, ctx: &mut Context<$path>) -> $ty {
                assert_eq!(ctx.handle().capacity(), Some($room));
                self.0.clone()
            }
            fn checked(&self, value: $ty) -> Result<$ty, String> {
                Ok(value)
            }
        }
    };
}

cell!(
    /// A text.
    #[derive(Debug)]
    pub Text, TextActor, TextState, String, 8, "5s", Text
);
cell!(Numbers, NumbersActor, NumbersState, Vec<(u8, &'static str)>, ROOM, "100ms", self::Numbers);

macro_rules! flag {
    ($name:ident, $trait:ident, $mailbox:expr) => {
        #[actor(double, mailbox = $mailbox, overflow = reject)]
        enum $name {
            Raise,
        }

        #[handlers]
        impl $trait for Mast {
            fn raise(&mut self) {}
        }
    };
    ($name:ident, $trait:ident, room for $room:expr) => {
        flag!($name, $trait, lock_free($room));
    };
}

struct Mast;
flag!(Flag, FlagActor, lock_free(8));
flag!(Signal, SignalActor, room for ROOM);

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let text = Text::spawn(&system, TextState(String::new()));
    text.set("new".to_owned()).wait()?;
    assert_eq!(text.get().wait()?, "new");
    assert_eq!(text.checked("x".to_owned()).wait()?, Ok("x".to_owned()));
    assert_eq!(format!("{:?}", Text::Get), "Get");
    let numbers = Numbers::spawn(&system, NumbersState(Vec::new()));
    numbers.set(vec![(1, "one")]).wait()?;
    assert_eq!(numbers.get().wait()?, [(1, "one")]);
    Flag::spawn(&system, Mast).raise()?;
    Signal::spawn(&system, Mast).raise()?;
    assert_eq!(Flag::MAILBOX.capacity(), Some(8));
    assert_eq!(Signal::MAILBOX.capacity(), Some(ROOM));
    system.shutdown().wait()
}
