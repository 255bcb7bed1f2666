//! Independent mistakes are reported in one compile, each once.
use zctor::prelude::*;

#[actor(mailbx = 64, timeout = "5 seconds", overflow = "wait")]
pub enum Counter {
    #[timeout("5s")]
    Add { by: i64 },
    #[reply("i64")]
    Get,
    Tell(#[reply(u8)] String),
    #[internal(yes)]
    Super,
}

fn main() {}
