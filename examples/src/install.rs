//! What tests and demo run besides us: installed once into the build folder.

use anyhow::{Context, Result, ensure};
use repair_core::Hash128;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// The build folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace().join("target"), PathBuf::from)
}

/// The folder that `install` fills: the first call with these `pins` does it, every later one finds it done.
///
/// Safe to call from several processes at once.
pub fn once(name: &str, pins: &str, install: impl FnOnce(&Path) -> Result<()>) -> Result<PathBuf> {
    let digest = Hash128::of(pins.as_bytes()).to_string();
    let home = target().join(format!("{name}-{}", &digest[..8]));
    let done = home.join("complete");
    fs::create_dir_all(target())?;
    let lock = File::create(home.with_extension("lock"))?;
    lock.lock().with_context(|| format!("cannot wait for another process that installs {name}"))?;
    if !done.is_file() {
        if home.exists() {
            fs::remove_dir_all(&home)?;
        }
        install(&home)?;
        File::create(&done)?;
    }
    Ok(home)
}

/// Runs a command to its end; `needs` says what must be there for it.
pub fn run(command: &mut Command, needs: &str) -> Result<()> {
    let output = command.output().with_context(|| format!("cannot run {command:?}; {needs}"))?;
    ensure!(output.status.success(), "{command:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}
