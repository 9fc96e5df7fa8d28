//! Patches as change sets.

use super::{ApplyError, BuildError, ChangeSet};
use crate::{PathError, RepoPath, Snapshot, SnapshotError};
use diffy::patch_set::{FileOperation, ParseOptions, PatchKind, PatchSet};

/// A patch that is not the change of a snapshot.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PatchError {
    /// It is no unified diff, or not a whole one.
    #[error("it is not a whole patch: {0}")]
    Form(String),
    /// It changes a file that is not text.
    #[error("it changes a binary file")]
    Binary,
    /// A file in it lies outside of the repository.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A file that it changes cannot be had.
    #[error(transparent)]
    Unavailable(#[from] SnapshotError),
    /// Its lines are not those of the file.
    #[error("it does not fit `{path}`: {reason}")]
    Misfit {
        /// The file.
        path: RepoPath,
        /// Where.
        reason: String,
    },
    /// Its changes contradict each other.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// Its changes cannot be made.
    #[error(transparent)]
    Apply(#[from] ApplyError),
}

impl ChangeSet {
    /// The changes that a unified diff, as git writes it, makes to `base`.
    pub fn from_patch(patch: &str, base: &Snapshot) -> Result<ChangeSet, PatchError> {
        let mut changes = ChangeSet::build_on(base);
        let mut files = 0;
        for file in PatchSet::parse(patch, ParseOptions::gitdiff()) {
            let file = file.map_err(|error| PatchError::Form(error.to_string()))?;
            let PatchKind::Text(text) = file.patch() else {
                return Err(PatchError::Binary);
            };
            files += 1;
            let patched = |path: &RepoPath, old: &str| {
                let misfit =
                    |error: diffy::ApplyError| PatchError::Misfit { path: path.clone(), reason: error.to_string() };
                diffy::apply(old, text).map_err(misfit)
            };
            match file.operation() {
                FileOperation::Create(path) => {
                    let path = stripped(path)?;
                    changes.create(&path, patched(&path, "")?);
                }
                FileOperation::Delete(path) => {
                    changes.remove(&stripped(path)?);
                }
                FileOperation::Modify { original, .. } => {
                    let path = stripped(original)?;
                    changes.rewrite(&path, patched(&path, base.text(&path)?)?.as_bytes());
                }
                FileOperation::Rename { from, to } | FileOperation::Copy { from, to } => {
                    let (from, to) = (stripped(from)?, stripped(to)?);
                    changes.create(&to, patched(&from, base.text(&from)?)?);
                    if matches!(file.operation(), FileOperation::Rename { .. }) {
                        changes.remove(&from);
                    }
                }
            }
        }
        match files {
            0 => Err(PatchError::Form("it has no file changes".to_owned())),
            _ => Ok(changes.build()?),
        }
    }
}

/// The path without git's `a/` or `b/`.
fn stripped(path: &str) -> Result<RepoPath, PathError> {
    RepoPath::new(path.strip_prefix("a/").or_else(|| path.strip_prefix("b/")).unwrap_or(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RepoPath {
        RepoPath::new(text).unwrap()
    }

    fn base() -> Snapshot {
        Snapshot::from_files([(path("a.py"), "one\ntwo\n"), (path("old.py"), "x\n")])
    }

    #[test]
    fn a_patch_is_the_change_that_it_was_made_of() {
        let base = base();
        let mut builder = ChangeSet::build_on(&base);
        builder.replace(&path("a.py"), 0..3, "ONE").remove(&path("old.py")).create(&path("dir/new.py"), "new\n");
        let changes = builder.build().unwrap();
        let patch = String::from_utf8(changes.to_patch(&base).unwrap()).unwrap();
        let back = ChangeSet::from_patch(&patch, &base).unwrap();
        assert_eq!(back.to_patch(&base).unwrap(), patch.as_bytes());
        assert_eq!(back.paths().collect::<Vec<_>>(), changes.paths().collect::<Vec<_>>());
    }

    #[test]
    fn a_patch_that_does_not_fit_says_why() {
        let of = |file: &str, old: &str| {
            let patch =
                format!("diff --git a/{file} b/{file}\n--- a/{file}\n+++ b/{file}\n@@ -1 +1 @@\n-{old}\n+new\n");
            ChangeSet::from_patch(&patch, &base()).unwrap_err()
        };
        assert!(matches!(of("a.py", "three"), PatchError::Misfit { .. }));
        assert!(matches!(of("b.py", "one"), PatchError::Unavailable(SnapshotError::NotFound(_))));
        assert!(matches!(of("../a.py", "one"), PatchError::Path(_)));
        for nothing in ["", "no patch\n"] {
            assert!(matches!(ChangeSet::from_patch(nothing, &base()), Err(PatchError::Form(_))), "{nothing:?}");
        }
    }
}
