//! The parts that are not ours: the emulator, its Node.js, and GitHub's descriptions of its interfaces.

use super::install::{once, run, workspace};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const LOCK: &str = include_str!("../emulator/package-lock.json");
const NEEDS: &str = "these tests need npm to install the emulator: install Node.js 20 or newer with npm";

/// The folder in which the parts are installed; the first call does it.
pub(crate) fn home() -> &'static Path {
    static HOME: OnceLock<PathBuf> = OnceLock::new();
    HOME.get_or_init(|| once("github-emulator", LOCK, install).expect(NEEDS))
}

/// The program that starts the emulator, with what it is started with.
pub(crate) fn node() -> Command {
    let machine = if cfg!(target_arch = "aarch64") { "arm64" } else { "x64" };
    let pinned = home().join(format!("node_modules/node-linux-{machine}/bin/node"));
    Command::new(if pinned.is_file() { pinned } else { PathBuf::from("node") })
}

/// A file that came with one of the packages.
pub(crate) fn file(package_path: &str) -> PathBuf {
    home().join("node_modules").join(package_path)
}

/// One of the scripts. They stand beside the packages, where they find them; they are ours, so the newest are taken.
pub(crate) fn script(name: &str) -> Result<PathBuf> {
    static COPIED: OnceLock<Result<(), String>> = OnceLock::new();
    let copied = COPIED.get_or_init(|| {
        let copies = ["start.mjs", "corrections.mjs", "graphql.mjs"].map(|name| copy(name, home()));
        copies.into_iter().collect::<Result<()>>().map_err(|error| format!("{error:#}"))
    });
    copied.clone().map_err(anyhow::Error::msg)?;
    Ok(home().join(name))
}

fn install(home: &Path) -> Result<()> {
    fs::create_dir_all(home)?;
    for name in ["package.json", "package-lock.json", ".npmrc"] {
        copy(name, home)?;
    }
    run(Command::new("npm").args(["ci", "--ignore-scripts", "--loglevel=error"]).current_dir(home), NEEDS)?;
    keep_one_description(&home.join("node_modules/@octokit/openapi/generated"))
}

/// The package describes every release of the server edition too, four hundred megabytes of it.
fn keep_one_description(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).context("the API's description is missing")? {
        let path = entry?.path();
        if path.file_name().is_none_or(|name| name != "api.github.com.json") {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// Another process may read the file just now, so it is put in place at once.
fn copy(name: &str, home: &Path) -> Result<()> {
    let from = workspace().join("repair-github/tests/emulator").join(name);
    let staged = home.join(format!(".{name}.{}", std::process::id()));
    fs::copy(&from, &staged).with_context(|| format!("cannot copy {}", from.display()))?;
    Ok(fs::rename(staged, home.join(name))?)
}
