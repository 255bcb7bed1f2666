//! How long a program of many actors takes to compile: the same one for zctor,
//! kameo and ractor, generated here, and built by `cargo`.
//!
//! ```sh
//! cargo run --release --manifest-path benches/compile-time/Cargo.toml
//! ```
//!
//! Of each it measures the processor time that the compiler takes, which does
//! not depend on how many cores there are, and the time on the clock:
//!
//! - *library*: a clean build of the library with all that it needs;
//! - *program*: a build of the program alone, by `check`, in the profile `dev`,
//!   and in the profile `release`; the least of several rounds, in turn.

#![forbid(unsafe_code)]

mod measure;
mod programs;

use std::path::PathBuf;
use std::process::ExitCode;

use measure::{Cost, Work};
use programs::PROGRAMS;

const USAGE: &str = "\
usage: compile-time [--actors n] [--messages n] [--rounds n] [--folder path]

  --actors n     actors of a program (50)
  --messages n   messages of an actor, half of them asks (10)
  --rounds n     rounds of builds, of which the least counts (3)
  --folder path  where the programs are made and built (in the folder for temporary files)";

struct Options {
    actors: usize,
    messages: usize,
    rounds: usize,
    folder: PathBuf,
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        actors: 50,
        messages: 10,
        rounds: 3,
        folder: std::env::temp_dir().join("zctor-compile-time"),
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next();
        let value = value.ok_or_else(|| format!("`{argument}` needs a value\n{USAGE}"))?;
        let number = || match value.parse() {
            Ok(0) | Err(_) => Err(format!("`{value}` is no number above 0\n{USAGE}")),
            Ok(number) => Ok(number),
        };
        match argument.as_str() {
            "--actors" => options.actors = number()?,
            "--messages" => options.messages = number()?,
            "--rounds" => options.rounds = number()?,
            "--folder" => options.folder = PathBuf::from(value),
            _ => return Err(format!("`{argument}` is unknown\n{USAGE}")),
        }
    }
    Ok(options)
}

fn run() -> Result<bool, String> {
    let options = options()?;
    let mut costs: Vec<[Cost; 4]> = Vec::new();
    for program in PROGRAMS {
        let folder = options.folder.join(program.name);
        measure::write(program, &folder, options.actors, options.messages)?;
        eprintln!("{}: the library and what it needs", program.name);
        let library = measure::library(&folder)?;
        costs.push([library, Cost::MOST, Cost::MOST, Cost::MOST]);
    }
    for round in 1..=options.rounds {
        for (program, costs) in PROGRAMS.iter().zip(&mut costs) {
            eprintln!("{}: round {round} of {}", program.name, options.rounds);
            let folder = options.folder.join(program.name);
            let works = [Work::Check, Work::Debug, Work::Release];
            for (cost, work) in costs.iter_mut().skip(1).zip(works) {
                *cost = cost.least(measure::program(&folder, work)?);
            }
        }
    }
    println!(
        "{} actors of {} messages; seconds of the processor (on the clock)\n",
        options.actors, options.messages
    );
    let head: String = PROGRAMS
        .iter()
        .map(|program| format!(" {:>16} |", program.name))
        .collect();
    println!("| build                |{head}");
    println!(
        "|----------------------|{}",
        "-----------------:|".repeat(PROGRAMS.len())
    );
    let rows = [
        "library, clean",
        "program, check",
        "program, dev",
        "program, release",
    ];
    for (row, name) in rows.iter().enumerate() {
        let cells: String = costs
            .iter()
            .map(|costs| format!(" {:>16} |", costs[row].to_string()))
            .collect();
        println!("| {name:20} |{cells}");
    }
    println!();
    let mut kept = true;
    for (row, name) in rows.iter().enumerate() {
        let most = if row == 0 { 0.5 } else { 1.0 };
        for (program, rival) in PROGRAMS.iter().zip(&costs).skip(1) {
            let ratio = costs[0][row].processor / rival[row].processor;
            let word = if ratio < most { "ok    " } else { "MISSED" };
            kept &= ratio < most;
            println!(
                "{word} {name}: {ratio:.2} of {}, wanted: below {most}",
                program.name
            );
        }
    }
    Ok(kept)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
    }
}
