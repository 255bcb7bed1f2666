//! Measures time, and has the program beside it count memory.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    zctor_benches::run()
}
