//! The change set that leads from one snapshot to another.

use super::{ChangeSet, Edit, FileChange};
use crate::{Mode, RepoPath, Snapshot, SnapshotError, Span};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::BTreeSet;

impl ChangeSet {
    /// What must change in `before` to become `after`, as edits of lines.
    ///
    /// Symbolic links are compared but cannot be expressed: a difference in one is an error, as is an unreadable file.
    pub fn between(before: &Snapshot, after: &Snapshot) -> Result<ChangeSet, SnapshotError> {
        let paths: BTreeSet<&RepoPath> = before.paths().chain(after.paths()).collect();
        let mut changes = ChangeSet::default();
        for path in paths {
            if !before.same_file(after, path) {
                changes.files.insert(path.clone(), file_change(before, after, path)?);
            }
        }
        Ok(changes)
    }
}

fn file_change(before: &Snapshot, after: &Snapshot, path: &RepoPath) -> Result<FileChange, SnapshotError> {
    if [before.mode(path), after.mode(path)].contains(&Some(Mode::Symlink)) {
        return Err(SnapshotError::Symlink(path.clone()));
    }
    if !before.contains(path) {
        return Ok(FileChange::Create { contents: after.file(path)?.bytes().to_vec() });
    }
    let old = before.file(path)?;
    let base = old.hash();
    if !after.contains(path) {
        return Ok(FileChange::Delete { base });
    }
    match line_edits(old.bytes(), after.file(path)?.bytes()) {
        Some(edits) => Ok(FileChange::Edit { base, edits }),
        None => Err(SnapshotError::NotText(path.clone())),
    }
}

/// The edits of whole lines that make `new` of `old`; `None` if a line to insert is not UTF-8.
pub(super) fn line_edits(old: &[u8], new: &[u8]) -> Option<Vec<Edit>> {
    let (old_lines, new_lines) = (lines(old), lines(new));
    let (old_starts, new_starts) = (starts(&old_lines), starts(&new_lines));
    let mut edits = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines) {
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        let (gone, come) = (op.old_range(), op.new_range());
        let text = std::str::from_utf8(&new[new_starts[come.start]..new_starts[come.end]]).ok()?;
        edits.push(Edit::new(Span::new(old_starts[gone.start], old_starts[gone.end]), text));
    }
    Some(edits)
}

/// The lines of `bytes`, each with its line end.
pub(super) fn lines(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|byte| *byte == b'\n').collect()
}

/// Where each line starts, and where the last one ends.
fn starts(lines: &[&[u8]]) -> Vec<usize> {
    let ends = lines.iter().scan(0, |end, line| {
        *end += line.len();
        Some(*end)
    });
    std::iter::once(0).chain(ends).collect()
}
