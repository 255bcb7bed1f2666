//! Every visibility of an enum is that of what is made from it.
mod shop {
    pub mod till {
        use zctor::prelude::*;

        #[actor]
        enum Private {
            Ping,
        }

        #[actor]
        pub(self) enum Selfish {
            Ping,
        }

        #[actor]
        pub(super) enum Above {
            #[reply(u8)]
            Ping,
        }

        #[actor]
        pub(in crate::shop) enum Inside {
            #[reply(u8)]
            Ping,
        }

        #[actor]
        pub(crate) enum Everywhere {
            #[reply(u8)]
            Ping,
        }

        #[actor]
        pub enum Public {
            #[reply(u8)]
            Ping,
        }

        pub struct Drawer;

        #[handlers]
        impl PrivateActor for Drawer {
            fn ping(&mut self) {}
        }

        #[handlers]
        impl SelfishActor for Drawer {
            fn ping(&mut self) {}
        }

        #[handlers]
        impl AboveActor for Drawer {
            fn ping(&self) -> u8 {
                1
            }
        }

        #[handlers]
        impl InsideActor for Drawer {
            fn ping(&self) -> u8 {
                2
            }
        }

        #[handlers]
        impl EverywhereActor for Drawer {
            fn ping(&self) -> u8 {
                3
            }
        }

        #[handlers]
        impl PublicActor for Drawer {
            fn ping(&self) -> u8 {
                4
            }
        }

        pub fn here(system: &System) -> zctor::Result<()> {
            let private: PrivateHandle = Private::spawn(system, Drawer);
            private.ping()?;
            let selfish: SelfishHandle = Selfish::spawn(system, Drawer);
            selfish.ping()?;
            let _ = (PrivateKind::Ping, SelfishKind::Ping);
            Ok(())
        }
    }

    pub fn above(system: &zctor::System) -> zctor::Result<u8> {
        use till::{Above, AboveHandle, Drawer, Inside, InsideHandle};
        use zctor::Spawn as _;
        let above: AboveHandle = Above::spawn(system, Drawer);
        let inside: InsideHandle = Inside::spawn(system, Drawer);
        Ok(above.ping().wait()? + inside.ping().wait()?)
    }
}

use shop::till::{Drawer, Everywhere, EverywhereHandle, Public, PublicActor, PublicHandle};
use zctor::prelude::*;

fn takes(_: impl PublicActor) {}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    shop::till::here(&system)?;
    assert_eq!(shop::above(&system)?, 3);
    let everywhere: EverywhereHandle = Everywhere::spawn(&system, Drawer);
    assert_eq!(everywhere.ping().wait()?, 3);
    let public: PublicHandle = Public::spawn(&system, Drawer);
    assert_eq!(public.ping().wait()?, 4);
    takes(Drawer);
    system.shutdown().wait()
}
