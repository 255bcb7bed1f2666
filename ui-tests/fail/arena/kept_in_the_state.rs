use zctor::prelude::*;

#[actor]
enum Register {
    Enter { name: String },
}

struct Book {
    names: Vec<&'static str>,
}

#[handlers]
impl RegisterActor for Book {
    fn enter(&mut self, name: String, ctx: &mut Context<Register>) {
        let arena = ctx.arena();
        self.names.push(arena.alloc_str(&name));
    }
}

fn main() {}
