//! What the command reads: logs, folders, revisions, patches.

use anyhow::{Context, Result};
use repair_core::Log;
use repair_fixers::logs;
use std::fs::File;
use std::io::{BufReader, Read, stdin};
use std::path::{Path, PathBuf};

/// Reads logs, one after the other, as one.
pub(crate) fn logs(paths: &[PathBuf]) -> Result<Log> {
    let mut all = Log::default();
    for path in paths {
        let log = logs::read(BufReader::with_capacity(1 << 16, open(path)?));
        let log = log.with_context(|| format!("cannot read the log `{}`", path.display()))?;
        all.steps.extend(log.steps);
        all.notes.extend(log.notes);
    }
    Ok(all)
}

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin()));
    }
    let file =
        File::open(path).with_context(|| format!("cannot open `{}`; give an existing file, or `-`", path.display()))?;
    Ok(Box::new(file))
}
