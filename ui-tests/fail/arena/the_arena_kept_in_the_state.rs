use zctor::arena::MessageArena;
use zctor::prelude::*;

#[actor]
enum Register {
    Open,
}

struct Book {
    arena: Option<MessageArena<'static>>,
}

#[handlers]
impl RegisterActor for Book {
    fn open(&mut self, ctx: &mut Context<Register>) {
        self.arena = Some(ctx.arena());
    }
}

fn main() {}
