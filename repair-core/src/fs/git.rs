//! The `git` command, kept from running anything else.

use super::FsError;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Options that keep git from starting hooks, monitors and pagers, and from writing. Whoever calls has chosen the
/// folder, so its owner does not matter.
const OPTIONS: [&str; 7] =
    ["--no-pager", "-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "safe.directory=*"];

/// Variables that make git look elsewhere than in the folder.
const MISLEADING: [&str; 10] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CONFIG",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_PARAMETERS",
];

/// Runs git in one folder.
#[derive(Debug, Clone)]
pub(crate) struct Git {
    folder: PathBuf,
}

impl Git {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    /// The command, which neither asks, fetches, writes nor runs what the repository's configuration names.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("git");
        for name in MISLEADING {
            command.env_remove(name);
        }
        command
            .args(OPTIONS)
            .args(arguments)
            .current_dir(&self.folder)
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_OPTIONAL_LOCKS", "0")
            .env("GIT_ALLOW_PROTOCOL", "none")
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        command
    }

    /// What the command prints; an error if it fails.
    pub(crate) fn output(&self, arguments: &[&str]) -> Result<Vec<u8>, FsError> {
        let output = self.command(arguments).output().map_err(FsError::NoGit)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(FsError::Git {
            command: arguments.first().copied().unwrap_or_default().to_owned(),
            message: String::from_utf8_lossy(&output.stderr).trim().to_owned(),
            folder: self.folder.clone(),
        })
    }

    /// Whether the command answers yes (exit code 0) or no (1); `None` if it fails.
    pub(crate) fn succeeds(&self, arguments: &[&str]) -> Option<bool> {
        match self.command(arguments).output().ok()?.status.code() {
            Some(0) => Some(true),
            Some(1) => Some(false),
            _ => None,
        }
    }
}
