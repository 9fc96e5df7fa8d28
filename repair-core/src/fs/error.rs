//! What can go wrong with folders and revisions.

use crate::{ApplyError, RepoPath};
use std::io;
use std::path::{Path, PathBuf};

/// Why a folder or a revision cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FsError {
    /// There is no such folder.
    #[error("`{}` is not a folder; give the path of a repository", .0.display())]
    NotAFolder(PathBuf),
    /// The system refused.
    #[error("cannot {doing} `{}`: {source}; {}", path.display(), advice(source))]
    Io {
        /// What was to be done.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file on disk is not what the change was made for.
    #[error("`{0}` has changed on disk since it was read; nothing was written, run again")]
    Changed(RepoPath),
    /// The file to create is there.
    #[error("`{0}` exists already; nothing was written, remove or rename it and run again")]
    Exists(RepoPath),
    /// The way to the file leads through a symbolic link or a file.
    #[error("`{path}` cannot be written, since `{through}` is not a folder; links are never written through")]
    NotReal {
        /// The file to write.
        path: RepoPath,
        /// The component that is a link or a file.
        through: RepoPath,
    },
    /// The changes do not fit the snapshot that they are said to be for.
    #[error("the changes do not apply: {0}; take a new snapshot and plan again")]
    Apply(#[from] ApplyError),
    /// Some files could not be put back after an error.
    #[error("{error}; moreover the old contents could not be put back from {}; rename these files by hand", list(left))]
    NotRolledBack {
        /// What went wrong first.
        error: Box<FsError>,
        /// The files that hold the old contents.
        left: Vec<PathBuf>,
    },
    /// Git could not be started.
    #[error("git cannot be started: {0}; install git and put it in PATH")]
    NoGit(#[source] io::Error),
    /// Git failed.
    #[error("`git {command}` failed: {message}; see whether it works in `{}`", folder.display())]
    Git {
        /// The subcommand.
        command: String,
        /// What git said.
        message: String,
        /// Where it ran.
        folder: PathBuf,
    },
    /// The revision names no commit.
    #[error("`{0}` names no commit here; fetch it, or give another revision")]
    NoRevision(String),
}

impl FsError {
    /// An error of the system, told with what was being done to which file.
    pub(crate) fn io(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { doing, path, source }
    }
}

/// What to do about an error of the system.
fn advice(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => "make it accessible and run again",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "free some space and run again",
        io::ErrorKind::NotFound => "see whether it was moved and run again",
        _ => "see to it and run again",
    }
}

fn list(paths: &[PathBuf]) -> String {
    let quoted: Vec<String> = paths.iter().map(|path| format!("`{}`", path.display())).collect();
    quoted.join(", ")
}
