//! Runs every figure in a process of its own, the libraries in turn.

use std::io::{self, Write};
use std::process::{Command, ExitCode, Stdio};

use crate::arguments::Plan;
use crate::libraries::Library;
use crate::table;
use crate::targets;
use crate::work::Row;

/// The figures of one row: for each library one a round, or none.
pub struct Figures {
    pub row: &'static Row,
    pub of: Vec<(&'static str, Vec<f64>)>,
}

pub fn run(plan: &Plan) -> ExitCode {
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
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
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
