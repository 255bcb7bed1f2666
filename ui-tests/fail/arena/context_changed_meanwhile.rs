use std::time::Duration;
use zctor::prelude::*;

#[actor]
enum Register {
    Enter { name: String },
    #[internal]
    Close,
}

struct Book;

#[handlers]
impl RegisterActor for Book {
    fn enter(&mut self, name: String, ctx: &mut Context<Register>) {
        let arena = ctx.arena();
        let name = arena.alloc_str(&name);
        ctx.send_after(Duration::from_secs(1), Register::Close);
        println!("{name}");
    }
    fn close(&mut self) {}
}

fn main() {}
