//! Logs.

use super::open;
use anyhow::{Context, Result};
use repair_core::{Log, Output};
use repair_fixers::logs::read;
use std::io::BufReader;
use std::path::{Path, PathBuf};

/// The log at `path` of a run of the repository in `root`, which may have run right there: paths into it are made
/// relative.
pub(crate) fn log_of(path: &Path, root: &Path) -> Result<Log> {
    let mut log = logs(&[path.to_owned()])?;
    let inside = format!("{}/", root.display());
    for step in &mut log.steps {
        if step.output.iter().any(|line| line.contains(&inside)) {
            step.output = relative(&step.output, &inside);
        }
    }
    Ok(log)
}

fn relative(output: &Output, inside: &str) -> Output {
    let mut all = Output::default();
    for (index, line) in output.iter().enumerate() {
        all.push(output.number(index), &line.replace(inside, ""));
    }
    all
}

/// Reads logs, one after the other, as one.
pub(crate) fn logs(paths: &[PathBuf]) -> Result<Log> {
    let mut all = Log::default();
    for path in paths {
        let log = read(BufReader::with_capacity(1 << 16, open(path)?));
        let log = log.with_context(|| format!("cannot read the log `{}`", path.display()))?;
        all.steps.extend(log.steps);
        all.packages.extend(log.packages);
        all.notes.extend(log.notes);
    }
    Ok(all)
}
