//! `#[cfg]` on variants, on fields of every form, and on handlers and their parameters.
use zctor::prelude::*;

#[actor(double)]
enum Door {
    #[cfg(not(any()))]
    Open { how: u8, #[cfg(any())] never: NoSuchType },
    #[cfg(any())]
    Open { text: NoSuchType },
    #[cfg(any())]
    Gone(NoSuchType),
    Knock(u8, #[cfg(any())] NoSuchType, #[cfg(not(any()))] u8),
    #[reply(u32)]
    #[cfg(not(any()))]
    Sum,
    #[reply(u32)]
    #[cfg(any())]
    Product(NoSuchType),
    #[cfg_attr(not(any()), cfg(any()))]
    Nor(NoSuchType),
    #[cfg_attr(not(any()), deprecated, doc = "That is old.")]
    Old(#[cfg_attr(not(any()), cfg(any()))] NoSuchType, u8),
    Pass { #[cfg(any())] extra: NoSuchType, reply: Reply<u8> },
    #[reply(u8)]
    Later { #[cfg(any())] extra: NoSuchType, reply: Reply<u8> },
}

#[derive(Default)]
struct Wood(u32);

#[handlers]
impl DoorActor for Wood {
    fn open(&mut self, how: u8, #[cfg(any())] never: NoSuchType) {
        self.0 += u32::from(how);
    }
    fn knock(&mut self, first: u8, second: u8) {
        self.0 += u32::from(first) * u32::from(second);
    }
    #[cfg(any())]
    fn gone(&mut self, _: NoSuchType) {}
    #[cfg(not(any()))]
    fn sum(&self) -> u32 {
        self.0
    }
    fn old(&mut self, value: u8) {
        self.0 += u32::from(value);
    }
    fn pass(&mut self, #[cfg(any())] extra: NoSuchType, reply: Reply<u8>) {
        reply.send(7);
    }
    fn later(&mut self, #[cfg(any())] extra: NoSuchType, _reply: Reply<u8>, #[cfg(any())] ever: Reply<u8>) -> u8 {
        8
    }
}

#[cfg(any())]
#[actor(double)]
enum Nowhere {
    Never(NoSuchType),
}

#[actor(double)]
#[cfg(not(any()))]
enum Somewhere {
    Ever(u8),
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let door = Door::spawn(&system, Wood::default());
    door.open(1)?;
    door.tell(Door::Open { how: 2 })?;
    door.knock(3, 4)?;
    door.tell(Door::Knock(5, 6))?;
    assert_eq!(door.sum().wait()?, 45);
    assert_eq!(Door::VARIANTS.len(), 6);
    assert_eq!(Door::VARIANTS[0].fields(), ["how"]);
    assert_eq!(Somewhere::NAME, "Somewhere");
    system.shutdown().wait()
}
