//! The Python tools that tests and demo run: installed once into `target/`, pinned by `examples/python-tools.txt`.

use anyhow::{Context, Result, ensure};
use repair_core::Hash128;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

const REQUIREMENTS: &str = include_str!("../python-tools.txt");

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The build folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The Python of a virtual environment that has the tools; the first call installs them.
///
/// Safe to call from several processes at once.
pub fn python() -> Result<PathBuf> {
    let digest = Hash128::of(REQUIREMENTS.as_bytes()).to_string();
    let home = target().join(format!("python-tools-{}", &digest[..8]));
    let (python, done) = (home.join("bin/python"), home.join("complete"));
    fs::create_dir_all(target())?;
    let lock = File::create(home.with_extension("lock"))?;
    lock.lock().context("cannot wait for another process that installs the Python tools")?;
    if !done.is_file() {
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        run(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        let requirements = workspace().join("examples/python-tools.txt");
        run(Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"])
            .arg(requirements))?;
        File::create(&done)?;
    }
    Ok(python)
}

fn run(command: &mut Command) -> Result<()> {
    let output =
        command.output().with_context(|| format!("cannot run {command:?}; is Python 3 with venv installed?"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
