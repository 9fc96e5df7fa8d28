//! Making change sets.

use super::between::line_edits;
use super::{ChangeSet, Edit, FileChange};
use crate::{RepoPath, Snapshot, SnapshotError, Span};
use std::collections::BTreeMap;

/// Collects edits for one snapshot; [`build`](Self::build) checks them all.
///
/// The first thing that is wrong is remembered and returned by `build`, so that calls need no `?`.
#[derive(Debug)]
pub struct ChangeBuilder<'a> {
    snapshot: &'a Snapshot,
    files: BTreeMap<RepoPath, FileChange>,
    error: Option<BuildError>,
}

/// Why edits do not make a change set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The file to edit or delete cannot be had.
    #[error(transparent)]
    Unavailable(#[from] SnapshotError),
    /// The file to create exists.
    #[error("`{0}` exists already")]
    Exists(RepoPath),
    /// Two edits of a file overlap, or a file is both edited and created or deleted.
    #[error("two edits of `{0}` contradict each other")]
    Overlap(RepoPath),
    /// An edit ends beyond the file or in the middle of a character.
    #[error("an edit of `{0}` does not fall on its characters")]
    Misplaced(RepoPath),
    /// Nothing would change.
    #[error("the edits change nothing")]
    Nothing,
}

impl<'a> ChangeBuilder<'a> {
    pub(super) fn new(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, files: BTreeMap::new(), error: None }
    }

    /// Replaces the bytes of `span` by `text`.
    pub fn replace(&mut self, path: &RepoPath, span: impl Into<Span>, text: impl Into<String>) -> &mut Self {
        let edit = Edit::new(span.into(), text);
        self.attempt(|builder| builder.edits(path)?.push_edit(path, edit))
    }

    /// Replaces the bytes of each span by the text beside it.
    pub fn replace_all(&mut self, path: &RepoPath, edits: impl IntoIterator<Item = (Span, String)>) -> &mut Self {
        edits.into_iter().fold(self, |builder, (span, text)| builder.replace(path, span, text))
    }

    /// Puts `text` before the byte at `offset`; a second insertion there comes behind the first.
    pub fn insert(&mut self, path: &RepoPath, offset: usize, text: impl Into<String>) -> &mut Self {
        self.replace(path, Span::at(offset), text)
    }

    /// Removes the bytes of `span`.
    pub fn delete(&mut self, path: &RepoPath, span: impl Into<Span>) -> &mut Self {
        self.replace(path, span, "")
    }

    /// Makes the contents of an existing file `contents`, by edits of the lines that differ.
    pub fn rewrite(&mut self, path: &RepoPath, contents: &[u8]) -> &mut Self {
        self.attempt(|builder| {
            let edits = line_edits(builder.snapshot.file(path)?.bytes(), contents);
            let Some(edits) = edits else {
                return Err(SnapshotError::NotText(path.clone()).into());
            };
            edits.into_iter().try_for_each(|edit| builder.edits(path)?.push_edit(path, edit))
        })
    }

    /// Makes a new file.
    pub fn create(&mut self, path: &RepoPath, contents: impl Into<Vec<u8>>) -> &mut Self {
        let contents = contents.into();
        self.attempt(|builder| {
            if builder.snapshot.contains(path) {
                return Err(BuildError::Exists(path.clone()));
            }
            builder.whole(path, FileChange::Create { contents })
        })
    }

    /// Removes a file.
    pub fn remove(&mut self, path: &RepoPath) -> &mut Self {
        self.attempt(|builder| {
            let base = builder.snapshot.file(path)?.hash();
            builder.whole(path, FileChange::Delete { base })
        })
    }

    /// The change set, or the first thing that was wrong with the edits.
    pub fn build(self) -> Result<ChangeSet, BuildError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let mut files = self.files;
        for (path, change) in &mut files {
            if let FileChange::Edit { edits, .. } = change {
                edits.sort_by_key(Edit::span);
                self.snapshot
                    .file(path)
                    .ok()
                    .and_then(|old| super::splice(old.bytes(), old.text(), edits))
                    .ok_or_else(|| BuildError::Misplaced(path.clone()))?;
            }
        }
        let changes = ChangeSet { files };
        let changed = |after: &Snapshot| changes.paths().any(|path| !self.snapshot.same_file(after, path));
        match changes.apply(self.snapshot) {
            Ok(after) if changed(&after) => Ok(changes),
            _ => Err(BuildError::Nothing),
        }
    }

    fn attempt(&mut self, step: impl FnOnce(&mut Self) -> Result<(), BuildError>) -> &mut Self {
        if self.error.is_none() {
            self.error = step(self).err();
        }
        self
    }

    fn whole(&mut self, path: &RepoPath, change: FileChange) -> Result<(), BuildError> {
        match self.files.insert(path.clone(), change) {
            None => Ok(()),
            Some(_) => Err(BuildError::Overlap(path.clone())),
        }
    }

    fn edits(&mut self, path: &RepoPath) -> Result<&mut FileChange, BuildError> {
        let base = self.snapshot.file(path)?.hash();
        Ok(self.files.entry(path.clone()).or_insert_with(|| FileChange::Edit { base, edits: Vec::new() }))
    }
}

impl FileChange {
    /// Adds an edit; insertions at one place become one, in the order of the calls.
    fn push_edit(&mut self, path: &RepoPath, edit: Edit) -> Result<(), BuildError> {
        let Self::Edit { edits, .. } = self else {
            return Err(BuildError::Overlap(path.clone()));
        };
        if let Some(same) = edits.iter_mut().find(|other| edit.span.is_empty() && other.span == edit.span) {
            same.text.push_str(&edit.text);
            return Ok(());
        }
        let clash = |other: &Edit| edit.span.start() < other.span.end() && other.span.start() < edit.span.end();
        if edits.iter().any(clash) {
            return Err(BuildError::Overlap(path.clone()));
        }
        edits.push(edit);
        Ok(())
    }
}
