//! Reading the files of a folder when they are first asked for.

use crate::{Loader, RepoPath, SnapshotError};
use std::collections::BTreeMap;
use std::fs::{File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// What tells that a file was not touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stamp {
    size: u64,
    modified: Option<SystemTime>,
    number: u64,
}

impl Stamp {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { size: metadata.len(), modified: metadata.modified().ok(), number: number(metadata) }
    }
}

#[cfg(unix)]
fn number(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}

/// Reads files of a folder, as long as they are what they were when they were listed.
pub(super) struct FolderLoader {
    pub(super) root: PathBuf,
    pub(super) size_limit: u64,
    pub(super) stamps: BTreeMap<RepoPath, Stamp>,
}

impl Loader for FolderLoader {
    fn load(&self, path: &RepoPath) -> Result<Vec<u8>, SnapshotError> {
        let unreadable = |error: io::Error| SnapshotError::Unreadable { path: path.clone(), reason: error.to_string() };
        let stamp = *self.stamps.get(path).ok_or_else(|| SnapshotError::NotFound(path.clone()))?;
        if super::first_non_folder(&self.root, path).map_err(unreadable)?.is_some() {
            return Err(changed(path));
        }
        let full = self.root.join(path.as_str());
        let metadata = full.symlink_metadata().map_err(unreadable)?;
        if Stamp::of(&metadata) != stamp {
            return Err(changed(path));
        }
        if metadata.is_symlink() {
            let target = full.read_link().map_err(unreadable)?;
            return Ok(target.into_os_string().into_encoded_bytes());
        }
        if stamp.size > self.size_limit {
            return Err(SnapshotError::TooLarge { path: path.clone(), size: stamp.size, limit: self.size_limit });
        }
        read_unchanged(&full, stamp).map_err(unreadable)?.ok_or_else(|| changed(path))
    }
}

/// The contents of a file that has this stamp before and after; `None` if it has not.
fn read_unchanged(full: &Path, stamp: Stamp) -> io::Result<Option<Vec<u8>>> {
    let file = File::open(full)?;
    let mut bytes = Vec::new();
    (&file).take(stamp.size + 1).read_to_end(&mut bytes)?;
    let same = Stamp::of(&file.metadata()?) == stamp && bytes.len() as u64 == stamp.size;
    Ok(same.then_some(bytes))
}

fn changed(path: &RepoPath) -> SnapshotError {
    let reason = "it has changed since the snapshot was taken; run again".to_owned();
    SnapshotError::Unreadable { path: path.clone(), reason }
}
