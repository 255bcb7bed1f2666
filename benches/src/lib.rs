//! zctor beside its rivals: `cargo run --release --manifest-path benches/Cargo.toml`.

#![forbid(unsafe_code)]

mod arguments;
mod driver;
mod figures;
pub mod heap;
mod libraries;
mod table;
mod targets;
mod work;

use std::process::ExitCode;

use crate::arguments::Command;

/// What both programs do: the one that measures time, and the one that counts
/// memory.
pub fn run() -> ExitCode {
    match arguments::parse(std::env::args().skip(1)) {
        Ok(Command::One {
            library,
            row,
            quick,
        }) => {
            // What the driver reads.
            if let Some(figure) = (library.measure)(row, quick) {
                println!("{figure}");
            }
            ExitCode::SUCCESS
        }
        Ok(Command::All(plan)) => driver::run(&plan),
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
    }
}
