//! Erlang/OTP, where `escript` is installed: for what it is the measure of.

use std::process::Command;

use crate::work::{Row, Work};

pub fn measure(row: &Row, quick: bool) -> Option<f64> {
    if row.work != Work::Panic {
        return None;
    }
    let times = if quick { row.times / 10 } else { row.times };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/libraries/erlang.escript");
    let output = Command::new("escript")
        .arg(script)
        .arg(times.to_string())
        .output()
        .ok()?;
    // Nanoseconds for each.
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
