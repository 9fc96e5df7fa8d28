//! What the command reads: logs, folders, revisions, patches.

mod logs;
mod state;

pub(crate) use logs::{log_of, logs};
pub(crate) use state::State;

use anyhow::{Context, Result};
use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin()));
    }
    let file =
        File::open(path).with_context(|| format!("cannot open `{}`; give an existing file, or `-`", path.display()))?;
    Ok(Box::new(file))
}
