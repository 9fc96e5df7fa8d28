//! What can go wrong with workspaces, sandboxes and interpreters.

use crate::{FsError, SnapshotError, ValidateError};
use std::io;
use std::path::{Path, PathBuf};

/// Why something cannot be run here.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LocalError {
    /// The system refused.
    #[error("cannot {doing} `{}`: {source}; see that the temporary folder is writable and has space", path.display())]
    Io {
        /// What was to be done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the snapshot cannot be had.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The repository's folder cannot be read.
    #[error(transparent)]
    Folder(#[from] FsError),
    /// There is no Python environment.
    #[error("{0}")]
    NoInterpreter(String),
    /// The working directory of a job is not in the repository.
    #[error("`{0}` is no folder of the repository; give a working directory relative to its top")]
    NoDirectory(String),
    /// A process could not be started or watched.
    #[error("the process could not be run: {0}")]
    Process(#[source] io::Error),
    /// The sandbox could not be put up. Nothing was run.
    #[error("the sandbox could not be put up: {0}; nothing was run")]
    Sandbox(String),
}

impl LocalError {
    /// An error of the system, told with what was being done to which file.
    pub(super) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}

impl From<LocalError> for ValidateError {
    fn from(error: LocalError) -> Self {
        match error {
            LocalError::Process(error) => Self::System(error),
            error => Self::Unavailable(error.to_string()),
        }
    }
}
