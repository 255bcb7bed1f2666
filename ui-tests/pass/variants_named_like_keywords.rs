//! The method of a variant that is called like a keyword is a raw identifier.
use zctor::prelude::*;

#[actor]
enum Machine {
    Type(u8),
    Move { r#in: u8 },
    Gen,
    Try,
    Async,
    Dyn,
    Yield,
    Union,
    #[reply(u32)]
    Match,
    #[method(super_)]
    Super,
}

#[derive(Default)]
struct Gears(u32);

#[handlers]
impl MachineActor for Gears {
    fn r#type(&mut self, key: u8) {
        self.0 += u32::from(key);
    }
    fn r#move(&mut self, r#in: u8) {
        self.0 += u32::from(r#in);
    }
    fn r#gen(&mut self) {}
    fn r#try(&mut self) {}
    async fn r#async(&mut self) {}
    fn r#dyn(&mut self) {}
    fn r#yield(&mut self) {}
    fn union(&mut self) {}
    fn r#match(&self) -> u32 {
        self.0
    }
    fn super_(&mut self) {}
}

fn main() -> zctor::Result<()> {
    let system = System::new()?;
    let machine = Machine::spawn(&system, Gears::default());
    machine.r#type(1)?;
    machine.r#move(2)?;
    machine.r#gen()?;
    machine.r#try()?;
    machine.r#async()?;
    machine.r#dyn()?;
    machine.r#yield()?;
    machine.union()?;
    machine.super_()?;
    assert_eq!(machine.r#match().wait()?, 3);
    assert_eq!(Machine::VARIANTS[0].method(), "type");
    system.shutdown().wait()
}
