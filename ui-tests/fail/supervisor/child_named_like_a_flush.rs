use zctor::prelude::*;

#[actor]
enum Note {
    Add,
}

#[supervisor]
enum Desk {
    #[child]
    FlushWrite(Note),
    #[batch]
    Write(String),
}

fn main() {}
