use zctor::arena::{Arena, Stored};
use zctor::prelude::*;

#[actor]
enum Register {
    Enter { arena: Arena, name: Stored<str> },
}

struct Book {
    next: RegisterHandle,
}

#[handlers]
impl RegisterActor for Book {
    fn enter(&mut self, arena: Arena, name: Stored<str>) -> Result<(), Failure> {
        let text = arena.get(name)?;
        self.next.enter(arena, name)?;
        println!("{text}");
        Ok(())
    }
}

fn main() {}
