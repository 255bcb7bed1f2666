//! Builds, and what they cost.

use std::fmt;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::programs::Program;

#[derive(Clone, Copy)]
pub struct Cost {
    /// Seconds of the processor, of all processes.
    pub processor: f64,
    /// Seconds on the clock.
    clock: f64,
}

impl Cost {
    pub const MOST: Cost = Cost {
        processor: f64::INFINITY,
        clock: f64::INFINITY,
    };

    pub fn least(self, other: Cost) -> Cost {
        Cost {
            processor: self.processor.min(other.processor),
            clock: self.clock.min(other.clock),
        }
    }
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2} ({:.2})", self.processor, self.clock)
    }
}

#[derive(Clone, Copy)]
pub enum Work {
    Check,
    Debug,
    Release,
}

impl Work {
    fn arguments(self) -> &'static str {
        match self {
            Work::Check => "check",
            Work::Debug => "build",
            Work::Release => "build --release",
        }
    }
}

/// Writes a package with the program.
pub fn write(
    program: &Program,
    folder: &Path,
    actors: usize,
    messages: usize,
) -> Result<(), String> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let here = here
        .canonicalize()
        .map_err(|error| format!("{}: {error}", here.display()))?;
    let dependencies = program
        .dependencies
        .replace("ZCTOR", &here.display().to_string());
    let manifest = format!(
        "[package]\nname = \"program\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [dependencies]\n{dependencies}\n"
    );
    let put = |path: &str, text: &str| {
        let path = folder.join(path);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = made.and_then(|()| fs::write(&path, text));
        written.map_err(|error| format!("{}: {error}", path.display()))
    };
    put("Cargo.toml", &manifest)?;
    put("src/lib.rs", program.prelude)?;
    // The library is built with this one, which is empty.
    put("kept/program.rs", &(program.source)(actors, messages))
}

/// A clean build of the library, in the profile `dev`.
pub fn library(folder: &Path) -> Result<Cost, String> {
    // What is downloaded is not measured.
    cargo(folder, "fetch -q")?;
    fs::write(folder.join("src/lib.rs"), "").map_err(|error| error.to_string())?;
    cargo(folder, "clean -q")?;
    let cost = cargo(folder, "build -q")?;
    cargo(folder, "check -q")?;
    cargo(folder, "build -q --release")?;
    fs::copy(folder.join("kept/program.rs"), folder.join("src/lib.rs"))
        .map_err(|error| error.to_string())?;
    Ok(cost)
}

/// A build of the program, whose library is there.
pub fn program(folder: &Path, work: Work) -> Result<Cost, String> {
    let source = folder.join("src/lib.rs");
    // As if it had been changed.
    let text = fs::read(&source).and_then(|text| fs::write(&source, text));
    text.map_err(|error| format!("{}: {error}", source.display()))?;
    cargo(folder, &format!("{} -q", work.arguments()))
}

fn cargo(folder: &Path, arguments: &str) -> Result<Cost, String> {
    let script = format!("TIMEFORMAT='%R %U %S'; time cargo {arguments}");
    let output = Command::new("bash")
        .args(["-c", &script])
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .map_err(|error| format!("bash: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        return Err(format!(
            "cargo {arguments} in {}:\n{text}",
            folder.display()
        ));
    }
    let last = text.lines().last().unwrap_or_default();
    let figures: Vec<f64> = last
        .split(' ')
        .filter_map(|figure| figure.parse().ok())
        .collect();
    match figures[..] {
        [clock, user, system] => Ok(Cost {
            processor: user + system,
            clock,
        }),
        _ => Err(format!("`time` says `{last}`")),
    }
}
