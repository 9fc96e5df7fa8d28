//! The variables that a job sees.

use super::job::Job;
use super::workspace::Workspace;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// Variables that are handed on. Everything else stays outside: tokens above all.
const HANDED_ON: [&str; 4] = ["PATH", "LANG", "LANGUAGE", "TZ"];

/// Variables that no job may set.
const OURS: [&str; 6] = ["HOME", "TMPDIR", "TMP", "TEMP", "VIRTUAL_ENV", MARKER];

/// The variable whose value, different in each run, tells which processes belong to it.
pub(super) const MARKER: &str = "CI_REPAIR_RUN";

/// The variables of `job`; `marker` is the value of [`MARKER`], `temporary` the folder for temporary files.
pub(super) fn variables(
    job: &Job,
    workspace: &Workspace,
    temporary: &Path,
    marker: &str,
) -> BTreeMap<String, OsString> {
    let mut all: BTreeMap<String, OsString> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
        .filter(|(name, _)| HANDED_ON.contains(&name.as_str()) || name.starts_with("LC_"))
        .collect();
    let inherited = all.get("PATH").cloned();
    for (name, value) in [("TERM", "dumb"), ("CI", "true"), ("PYTHONDONTWRITEBYTECODE", "1")] {
        all.insert(name.into(), value.into());
    }
    all.extend(caches(workspace));
    let set = job.variables.iter().filter(|(name, _)| is_allowed(name));
    all.extend(set.map(|(name, value)| (name.clone(), value.into())));
    all.insert("HOME".into(), workspace.home().into());
    all.insert("TMPDIR".into(), temporary.into());
    all.insert(MARKER.into(), marker.into());
    all.insert("PATH".into(), search_path(job, inherited));
    if let Some(interpreter) = &job.interpreter {
        all.extend(interpreter.variables());
        workspace.python_path(interpreter, &mut all);
    }
    all
}

fn is_allowed(name: &str) -> bool {
    !OURS.contains(&name) && !name.is_empty() && !name.contains(['=', '\0'])
}

/// Where tools keep what makes the next run faster: outside of the copy, which is put back after each run.
fn caches(workspace: &Workspace) -> impl Iterator<Item = (String, OsString)> {
    let cache = workspace.cache().to_path_buf();
    let names = [("XDG_CACHE_HOME", "xdg"), ("MYPY_CACHE_DIR", "mypy"), ("RUFF_CACHE_DIR", "ruff")];
    let own = names.map(|(name, folder)| (name.to_owned(), cache.join(folder).into_os_string()));
    own.into_iter().chain(hooks().map(|folder| ("PRE_COMMIT_HOME".to_owned(), folder.into_os_string())))
}

/// The user's installed pre-commit hooks, which are only read: without network none could be installed.
fn hooks() -> Option<PathBuf> {
    let named = std::env::var_os("PRE_COMMIT_HOME").map(PathBuf::from);
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let usual = || Some(cache.or_else(|| Some(home()?.join(".cache")))?.join("pre-commit"));
    named.or_else(usual).filter(|folder| folder.is_dir())
}

/// The user's home folder.
pub(super) fn home() -> Option<PathBuf> {
    std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute())
}

/// The interpreter's folder, then what the job says, then what is inherited.
fn search_path(job: &Job, inherited: Option<OsString>) -> OsString {
    let own = job.interpreter.iter().map(|interpreter| interpreter.folder().to_path_buf());
    let set = job.variables.get("PATH").map(OsString::from);
    let rest: Vec<PathBuf> = set.iter().chain(&inherited).flat_map(std::env::split_paths).collect();
    let folders = own.chain(rest).filter(|folder| folder.is_absolute());
    std::env::join_paths(folders).unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into())
}
