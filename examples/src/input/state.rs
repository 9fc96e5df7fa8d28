//! States of a repository: a folder, a git revision, either of them with a patch.

use super::open;
use anyhow::{Context, Result, ensure};
use repair_core::{ChangeSet, Folder, GitRevision, Snapshot};
use std::io::Read;
use std::path::Path;

/// A state of a repository.
pub(crate) struct State {
    /// The files.
    pub(crate) snapshot: Snapshot,
}

/// A patch larger than this is refused.
const PATCH_LIMIT: u64 = 64 << 20;

impl State {
    /// The folder `name`, or else the git revision of that name in the current folder's repository.
    pub(crate) fn named(name: &str) -> Result<Self> {
        let path = Path::new(name);
        if path.is_dir() {
            return Self::of_folder(path);
        }
        ensure!(!path.is_file(), "`{name}` is a file; give a folder or a git revision");
        let revision = GitRevision::open(Path::new("."), name)
            .with_context(|| format!("`{name}` is neither a folder nor a git revision of the current folder"))?;
        Ok(Self { snapshot: revision.snapshot()? })
    }

    /// The current folder as it is on disk.
    pub(crate) fn working_tree() -> Result<Self> {
        Self::of_folder(Path::new("."))
    }

    fn of_folder(path: &Path) -> Result<Self> {
        Ok(Self { snapshot: Folder::open(path)?.snapshot()? })
    }

    /// This state with the patch in `file` applied.
    pub(crate) fn patched(&self, file: &Path) -> Result<Self> {
        let mut patch = Vec::new();
        open(file)?.take(PATCH_LIMIT + 1).read_to_end(&mut patch)?;
        ensure!(patch.len() as u64 <= PATCH_LIMIT, "the patch is larger than {PATCH_LIMIT} bytes");
        let patch = String::from_utf8(patch).context("the patch is not UTF-8 text")?;
        let changes = ChangeSet::from_patch(&patch, &self.snapshot)
            .with_context(|| format!("cannot apply `{}`; make it with `git diff`", file.display()))?;
        Ok(Self { snapshot: changes.apply(&self.snapshot)? })
    }
}
