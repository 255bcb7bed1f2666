//! What the command line asks for.

use crate::libraries::{LIBRARIES, Library};
use crate::work::{ROWS, Row};

const USAGE: &str = "\
usage: zctor-benches [--rounds n] [--quick] [--only row,...] [--libraries name,...]

  --rounds n            rounds of all libraries in turn (5)
  --quick               a tenth of the work
  --only row,...        some rows of the table
  --libraries name,...  some libraries; ratios need zctor";

pub enum Command {
    /// One figure, measured in this process.
    One {
        library: &'static Library,
        row: &'static Row,
        quick: bool,
    },
    All(Plan),
}

pub struct Plan {
    pub rounds: usize,
    pub quick: bool,
    pub rows: Vec<&'static Row>,
    pub libraries: Vec<&'static Library>,
}

pub fn parse(arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut plan = Plan {
        rounds: 5,
        quick: false,
        rows: ROWS.iter().collect(),
        libraries: LIBRARIES.iter().collect(),
    };
    let mut one = None;
    let mut arguments = arguments;
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or(format!("`{argument}` wants a value\n\n{USAGE}"))
        };
        match &*argument {
            "--rounds" => {
                let value = value()?;
                let rounds = value.parse().ok().filter(|rounds| *rounds > 0);
                plan.rounds = rounds.ok_or(format!("`{value}` is no number of rounds"))?;
            }
            "--quick" => plan.quick = true,
            "--only" => plan.rows = each(&value()?, row)?,
            "--libraries" => plan.libraries = each(&value()?, library)?,
            "--one" => one = Some((library(&value()?)?, row(&value()?)?)),
            _ => return Err(format!("unknown argument `{argument}`\n\n{USAGE}")),
        }
    }
    Ok(match one {
        Some((library, row)) => Command::One {
            library,
            row,
            quick: plan.quick,
        },
        None => Command::All(plan),
    })
}

fn each<T>(list: &str, find: impl Fn(&str) -> Result<T, String>) -> Result<Vec<T>, String> {
    list.split(',').map(find).collect()
}

fn row(name: &str) -> Result<&'static Row, String> {
    let names: Vec<_> = ROWS.iter().map(|row| row.name).collect();
    let found = ROWS.iter().find(|row| row.name == name);
    found.ok_or(format!("no row `{name}`; there are {}", names.join(", ")))
}

fn library(name: &str) -> Result<&'static Library, String> {
    let names: Vec<_> = LIBRARIES.iter().map(|library| library.name).collect();
    let found = LIBRARIES.iter().find(|library| library.name == name);
    found.ok_or(format!(
        "no library `{name}`; there are {}",
        names.join(", ")
    ))
}
