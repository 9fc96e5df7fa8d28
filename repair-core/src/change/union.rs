//! Joining change sets.

use super::{ChangeSet, Edit, FileChange};
use crate::RepoPath;

/// Two change sets want different things of one place.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rival edits of `{path}`")]
pub struct Conflict {
    /// The file in which they meet.
    pub path: RepoPath,
}

impl ChangeSet {
    /// Both change sets in one, or the first conflict between them.
    ///
    /// Identical edits merge.
    /// Whole lines that both insert at one place stand in alphabetical order, so that the union does not depend on
    /// which side is which.
    /// Anything else that overlaps is a conflict.
    pub fn union(&self, other: &ChangeSet) -> Result<ChangeSet, Conflict> {
        let mut files = self.files.clone();
        for (path, theirs) in &other.files {
            let joined = match files.get(path) {
                None => theirs.clone(),
                Some(ours) => join(ours, theirs).ok_or_else(|| Conflict { path: path.clone() })?,
            };
            files.insert(path.clone(), joined);
        }
        Ok(ChangeSet { files })
    }
}

fn join(ours: &FileChange, theirs: &FileChange) -> Option<FileChange> {
    match (ours, theirs) {
        (FileChange::Edit { base, edits }, FileChange::Edit { base: other, edits: more }) if base == other => {
            let mut all: Vec<Edit> = edits.iter().chain(more).cloned().collect();
            all.sort();
            all.dedup();
            let clear = all.windows(2).all(|pair| clear_of_each_other(&pair[0], &pair[1]));
            clear.then_some(FileChange::Edit { base: *base, edits: all })
        }
        (ours, theirs) => (ours == theirs).then(|| ours.clone()),
    }
}

/// Whether two edits, the first not behind the second, can both be made in one way only.
fn clear_of_each_other(first: &Edit, second: &Edit) -> bool {
    match first.span == second.span {
        true => first.inserts_whole_lines() && second.inserts_whole_lines(),
        false => first.span.end() <= second.span.start(),
    }
}
