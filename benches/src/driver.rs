//! Runs every figure in a process of its own, the libraries in turn.

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use crate::arguments::Plan;
use crate::figures::Figures;
use crate::libraries::Library;
use crate::table;
use crate::targets;
use crate::work::{Row, Unit};

pub fn run(plan: &Plan) -> ExitCode {
    if plan.rows.iter().any(|row| row.unit != Unit::Nanoseconds)
        && let Err(text) = build_heap()
    {
        eprintln!("the program that counts memory was not built: {text}");
        return ExitCode::FAILURE;
    }
    let mut all = Vec::new();
    for row in &plan.rows {
        match measure(plan, row) {
            Ok(figures) => all.push(figures),
            Err(text) => {
                eprintln!("\n{text}");
                return ExitCode::FAILURE;
            }
        }
    }
    eprintln!();
    table::print(&all, plan.rounds);
    targets::print(&all);
    ExitCode::SUCCESS
}

/// Builds the program that counts memory: `cargo run` builds only this one.
fn build_heap() -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let mut command = Command::new(cargo);
    command.args([
        "build",
        "--release",
        "--bin",
        "heap",
        "--manifest-path",
        manifest,
    ]);
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("cargo ended with {status}")),
        Err(error) => Err(error.to_string()),
    }
}

fn measure(plan: &Plan, row: &'static Row) -> Result<Figures, String> {
    let mut of: Vec<_> = plan
        .libraries
        .iter()
        .map(|library| (library.name, Vec::new()))
        .collect();
    for round in 1..=plan.rounds {
        for (library, (name, figures)) in plan.libraries.iter().zip(&mut of) {
            eprint!(
                "\r{:<12} round {round} of {}, {name:<8}",
                row.name, plan.rounds
            );
            let _ = io::stderr().flush();
            let figure = alone(library, row, plan.quick);
            figures.extend(figure.map_err(|text| format!("{} of {name}: {text}", row.name))?);
        }
    }
    Ok(Figures { row, of })
}

/// Measures one figure in a process of its own. None if the library has no
/// such thing.
fn alone(library: &Library, row: &Row, quick: bool) -> Result<Option<f64>, String> {
    let mut program = std::env::current_exe().map_err(|error| error.to_string())?;
    if row.unit != Unit::Nanoseconds {
        program.set_file_name(format!("heap{}", std::env::consts::EXE_SUFFIX));
    }
    let mut command = Command::new(program);
    command.args(["--one", library.name, row.name]);
    if quick {
        command.arg("--quick");
    }
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output();
    let output = output.map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("the process ended with {}", output.status));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse()
        .map(Some)
        .map_err(|_| format!("no figure: {text}"))
}
