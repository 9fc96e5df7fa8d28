//! What the command reads: logs, JUnit files, folders, revisions, patches.

mod folder;
mod junit;
mod logs;
mod state;

pub(crate) use junit::reports;
pub(crate) use logs::{log_of, logs};
pub(crate) use state::State;

use anyhow::{Context, Result, ensure};
use std::fs::File;
use std::io::{Read, stdin};
use std::path::Path;

/// Opens a file, or standard input for `-`.
pub(crate) fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(stdin()));
    }
    ensure!(!waits(path), "`{0}` is a named pipe; write `ci-repair … - < {0}`", path.display());
    let file =
        File::open(path).with_context(|| format!("cannot open `{}`; give an existing file, or `-`", path.display()))?;
    Ok(Box::new(file))
}

/// Whether `path` is a pipe that may never be written to. The shell's own, such as `/dev/fd/63`, are.
fn waits(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let of_shell = path.starts_with("/dev") || path.starts_with("/proc");
        !of_shell && path.metadata().is_ok_and(|data| data.file_type().is_fifo())
    }
    #[cfg(not(unix))]
    {
        _ = path;
        false
    }
}
