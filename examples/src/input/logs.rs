//! Logs.

use super::open;
use anyhow::{Context, Result};
use repair_core::Log;
use repair_fixers::logs::read;
use std::io::BufReader;
use std::path::PathBuf;

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
