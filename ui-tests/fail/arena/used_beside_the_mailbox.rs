use zctor::prelude::*;

#[actor]
enum Register {
    Enter {
        name: String,
    },
    #[internal]
    Entered {
        letters: usize,
    },
}

struct Book;

#[handlers]
impl RegisterActor for Book {
    fn enter(&mut self, name: String, ctx: &mut Context<Register>) {
        let (arena, ctx) = ctx.split_arena();
        let name = arena.alloc_str(&name);
        ctx.pipe(async { name.len() }, |letters| Register::Entered { letters });
    }
    fn entered(&mut self, _letters: usize) {}
}

fn main() {}
