use zctor::prelude::*;

#[actor]
enum Register {
    #[reply(&'static str)]
    Greet { name: String },
}

struct Book;

#[handlers]
impl RegisterActor for Book {
    fn greet(&mut self, name: String, ctx: &mut Context<Register>) -> &'static str {
        let arena = ctx.arena();
        arena.alloc_str(&name)
    }
}

fn main() {}
