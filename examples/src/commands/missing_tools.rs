//! Tools that the checks call and the environment lacks.

use super::repairing::Repairing;
use crate::output::clean;
use repair_core::{Check, Failure, Interpreter, Log};
use repair_fixers::shell::Script;
use repair_fixers::tools::{ToolCache, version_in_use};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Installs what is missing, at the version that CI used, and gives the `PATH` with it; `None` if nothing is missing.
pub(super) async fn install(
    repairing: &Repairing<'_>,
    checks: &[Check],
    failures: &[Failure],
    log: &Log,
    interpreter: &Interpreter,
) -> Option<String> {
    let cache = cache(repairing, interpreter)?;
    let mut folders = Vec::new();
    for tool in wanted(checks, failures).into_iter().filter(|tool| !is_there(tool, interpreter)) {
        let Some(package) = ToolCache::package_of(&tool) else { continue };
        let Some(version) = version_in_use(package, log, &repairing.snapshot) else { continue };
        let what = format!("{package} {} (from {})", version.version, clean(&version.found_in));
        if repairing.how.offline {
            repairing.progress.line(&format!("  missing: {what}, not installed since this is `--offline`"));
            continue;
        }
        repairing.progress.step(format!("installing {what}"));
        match cache.install(&tool, &version).await {
            Ok(folder) if folders.contains(&folder) => {}
            Ok(folder) => {
                repairing.progress.line(&format!("  installed: {what}, beside the environment"));
                folders.push(folder);
            }
            Err(error) => {
                repairing.progress.line(&format!("  missing: {what} could not be installed: {}", clean(&error)))
            }
        }
    }
    (!folders.is_empty()).then(|| join(&folders))
}

/// The tools that the checks call, or that reported the failures.
fn wanted(checks: &[Check], failures: &[Failure]) -> BTreeSet<String> {
    let scripts: Vec<Script> = checks.iter().map(|check| Script::parse(&check.command)).collect();
    let called = scripts.iter().flat_map(|script| script.invocations().map(|call| call.tool.to_owned()));
    called.chain(failures.iter().map(|failure| failure.tool.clone())).collect()
}

fn is_there(tool: &str, interpreter: &Interpreter) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let search = std::env::split_paths(&path).collect::<Vec<PathBuf>>();
    search.iter().map(PathBuf::as_path).chain([interpreter.folder()]).any(|folder: &Path| folder.join(tool).is_file())
}

/// Where tools and dependencies are installed; `None` if there is no place or no interpreter for it.
pub(super) fn cache(repairing: &Repairing<'_>, interpreter: &Interpreter) -> Option<ToolCache> {
    let own = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|folder| folder.is_absolute());
    let folder = own.or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(ToolCache::new(folder.join("ci-repair/tools"), host_python(repairing, interpreter)?))
}

/// An interpreter that may run outside of the sandbox: none of the repository's.
fn host_python(repairing: &Repairing<'_>, interpreter: &Interpreter) -> Option<PathBuf> {
    let inside = |program: &Path| program.starts_with(repairing.folder.root());
    if !inside(interpreter.program()) {
        return Some(interpreter.program().to_owned());
    }
    let path = std::env::var_os("PATH")?;
    let programs = std::env::split_paths(&path).map(|folder| folder.join("python3"));
    programs.into_iter().find(|program| program.is_absolute() && program.is_file() && !inside(program))
}

fn join(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| folder.to_string_lossy()).collect::<Vec<_>>().join(":")
}
