//! Snapshots of folders and git revisions, and writing changes back.
//!
//! [`Folder`] is a folder on disk, seen as git sees it; [`GitRevision`] is a commit.
//! Symbolic links are recorded and never followed.

mod error;
mod fill;
mod folder;
mod git;
mod list;
mod loader;
mod revision;
#[cfg(test)]
pub(crate) mod testing;
mod transaction;
mod write;

pub use error::FsError;
pub use folder::{Folder, SkippedFile};
pub(crate) use git::Git;
#[cfg(feature = "local")]
#[cfg(unix)]
pub(crate) use list::{CACHES, ListedFiles, PACKAGES, is_checkout};
pub use revision::GitRevision;

use crate::RepoPath;
use std::fs::Metadata;
use std::io;
use std::path::Path;

/// The size above which a file is listed but not read.
const SIZE_LIMIT: u64 = 16 << 20;

/// Whether anyone may execute the file. Where the system does not know, nobody may.
#[cfg(unix)]
pub(crate) fn is_executable(metadata: &Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o111 != 0
}

#[cfg(not(unix))]
pub(crate) fn is_executable(_: &Metadata) -> bool {
    false
}

/// The first folder on the way from `root` to `path` that is no real folder: a link or a file. Missing ones are fine.
pub(crate) fn first_non_folder(root: &Path, path: &RepoPath) -> io::Result<Option<RepoPath>> {
    let mut parents: Vec<RepoPath> = std::iter::successors(path.parent(), RepoPath::parent).collect();
    parents.reverse();
    for parent in parents {
        match root.join(parent.as_str()).symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Ok(Some(parent)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
