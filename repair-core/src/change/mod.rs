//! Changes: sets of edits that apply whole or not at all.

mod between;
mod builder;
#[cfg(feature = "patch")]
mod from_patch;
mod patch;
mod union;

pub use builder::{BuildError, ChangeBuilder};
#[cfg(feature = "patch")]
pub use from_patch::PatchError;
pub use patch::LineCount;
pub use union::Conflict;

use crate::{Hash128, Mode, RepoPath, Snapshot, SnapshotError, Span};
use std::collections::BTreeMap;

/// The replacement of one span of bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Edit {
    span: Span,
    text: String,
}

impl Edit {
    /// Replaces the bytes of `span` by `text`.
    pub fn new(span: Span, text: impl Into<String>) -> Self {
        Self { span, text: text.into() }
    }

    /// The bytes of the old file that go.
    pub fn span(&self) -> Span {
        self.span
    }

    /// What comes in their place.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn inserts_whole_lines(&self) -> bool {
        self.span.is_empty() && self.text.ends_with('\n')
    }
}

/// What happens to one file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum FileChange {
    /// Some spans are replaced.
    Edit {
        /// The digest of the contents that the spans address.
        base: Hash128,
        /// Sorted and disjoint.
        edits: Vec<Edit>,
    },
    /// The file is made; it must not exist.
    Create {
        /// Its contents.
        contents: Vec<u8>,
    },
    /// The file is removed.
    Delete {
        /// The digest of the contents that go.
        base: Hash128,
    },
}

/// A set of changes to one snapshot, which applies whole or not at all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct ChangeSet {
    files: BTreeMap<RepoPath, FileChange>,
}

/// Why a change set does not apply to a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ApplyError {
    /// The file is not what it was when the change was made.
    #[error("`{0}` has changed since the edit was made")]
    Stale(RepoPath),
    /// The file to create exists.
    #[error("`{0}` exists already")]
    Exists(RepoPath),
    /// An edit ends beyond the file or in the middle of a character.
    #[error("an edit of `{0}` does not fall on its characters")]
    Misplaced(RepoPath),
    /// The file cannot be had.
    #[error(transparent)]
    Unavailable(#[from] SnapshotError),
}

impl ChangeSet {
    /// Begins a change set for `snapshot`.
    pub fn build_on(snapshot: &Snapshot) -> ChangeBuilder<'_> {
        ChangeBuilder::new(snapshot)
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The changed files with what happens to them, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&RepoPath, &FileChange)> {
        self.files.iter()
    }

    /// The paths of the changed files, in order.
    pub fn paths(&self) -> impl Iterator<Item = &RepoPath> {
        self.files.keys()
    }

    /// What happens to the file at `path`, if anything.
    pub fn get(&self, path: &RepoPath) -> Option<&FileChange> {
        self.files.get(path)
    }

    /// The identity of the change set.
    pub fn digest(&self) -> Hash128 {
        let parts: Vec<String> = self.files.iter().map(|(path, change)| format!("{path}\0{change:?}")).collect();
        Hash128::of_parts(parts.iter().map(String::as_bytes))
    }

    /// The snapshot with all changes made, or the first reason why they cannot be.
    pub fn apply(&self, snapshot: &Snapshot) -> Result<Snapshot, ApplyError> {
        let changed = self.files.iter().map(|(path, change)| Ok((path.clone(), change.contents(path, snapshot)?)));
        Ok(snapshot.with(changed.collect::<Result<Vec<_>, ApplyError>>()?))
    }
}

impl FileChange {
    /// The new mode and contents of the file; `None` if it goes.
    fn contents(&self, path: &RepoPath, snapshot: &Snapshot) -> Result<Option<(Mode, Vec<u8>)>, ApplyError> {
        let mode = snapshot.mode(path).unwrap_or_default();
        match self {
            Self::Create { .. } if snapshot.contains(path) || is_below_file(path, snapshot) => {
                Err(ApplyError::Exists(path.clone()))
            }
            Self::Create { contents } => Ok(Some((Mode::Regular, contents.clone()))),
            Self::Delete { base } | Self::Edit { base, .. } if snapshot.file(path)?.hash() != *base => {
                Err(ApplyError::Stale(path.clone()))
            }
            Self::Delete { .. } => Ok(None),
            Self::Edit { edits, .. } => {
                let old = snapshot.file(path)?;
                let new = splice(old.bytes(), old.text(), edits).ok_or_else(|| ApplyError::Misplaced(path.clone()))?;
                Ok(Some((mode, new)))
            }
        }
    }
}

/// Whether a component of `path` before the last is a file (a link among them), so that nothing can lie below it.
fn is_below_file(path: &RepoPath, snapshot: &Snapshot) -> bool {
    std::iter::successors(path.parent(), RepoPath::parent).any(|parent| snapshot.contains(&parent))
}

fn splice(old: &[u8], text: Option<&str>, edits: &[Edit]) -> Option<Vec<u8>> {
    let mut new = Vec::with_capacity(old.len());
    let mut done = 0;
    for edit in edits {
        let span = edit.span;
        let on_characters =
            text.is_none_or(|text| text.is_char_boundary(span.start()) && text.is_char_boundary(span.end()));
        if span.start() < done || span.end() > old.len() || !on_characters {
            return None;
        }
        new.extend_from_slice(&old[done..span.start()]);
        new.extend_from_slice(edit.text.as_bytes());
        done = span.end();
    }
    new.extend_from_slice(&old[done..]);
    Some(new)
}
