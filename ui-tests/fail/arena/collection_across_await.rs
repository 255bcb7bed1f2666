use zctor::bumpalo::collections::Vec;
use zctor::prelude::*;

#[actor]
enum Register {
    Enter { names: String },
}

struct Book;

async fn log(names: usize) {
    println!("{names}");
}

#[handlers]
impl RegisterActor for Book {
    async fn enter(&mut self, names: String, ctx: &mut Context<Register>) {
        let arena = ctx.arena();
        let mut list = Vec::new_in(&arena);
        for name in names.split(',') {
            list.push(name);
            log(list.len()).await;
        }
    }
}

fn main() {}
