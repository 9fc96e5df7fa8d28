//! Runs the main job on the bundled broken project: a real red log and a checkout become a proven diff.
//!
//! The project has several failures: findings of a linter and a formatter, a syntax error that hides a missing import,
//! and a mistake whose only fix is a guess, which is withheld.

use anyhow::{Context, Result};
use repair_examples::toolbox;
use std::process::{Command, ExitCode};

fn main() -> Result<ExitCode> {
    eprintln!("Installing the Python tools into {} (first run only) …", toolbox::target().display());
    let python = toolbox::python()?;
    let examples = toolbox::workspace().join("examples");
    let ci_repair = std::env::current_exe()?.with_file_name("ci-repair");
    let mut command = if ci_repair.is_file() {
        Command::new(ci_repair)
    } else {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--bin", "ci-repair", "--"]).current_dir(toolbox::workspace());
        cargo
    };
    command.arg("fix").arg("--repo").arg(examples.join("broken-project"));
    command.arg("--log").arg(examples.join("broken-project.log")).arg("--python").arg(python);
    command.args(std::env::args_os().skip(1));
    eprintln!("Running {command:?}\n");
    let status = command.status().context("cannot run ci-repair")?;
    Ok(ExitCode::from(u8::try_from(status.code().unwrap_or(2)).unwrap_or(2)))
}
