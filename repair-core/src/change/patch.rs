//! Change sets as patches.

use super::between::lines;
use super::{ApplyError, ChangeSet};
use crate::{RepoPath, Snapshot};
use similar::{Algorithm, ChangeTag, DiffOp, capture_diff_slices, group_diff_ops};

/// Lines that a change set adds and removes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LineCount {
    /// Lines that come.
    pub added: usize,
    /// Lines that go.
    pub removed: usize,
}

const CONTEXT: usize = 3;

impl ChangeSet {
    /// The changes to `base` as a patch that `git apply` takes. Files that are not text are named, not shown.
    pub fn to_patch(&self, base: &Snapshot) -> Result<Vec<u8>, ApplyError> {
        let after = self.apply(base)?;
        let mut patch = Vec::new();
        for path in self.paths() {
            let side = |snapshot: &Snapshot| match snapshot.contains(path) {
                true => snapshot.file(path).map(|file| Some(file.bytes().to_vec())),
                false => Ok(None),
            };
            write_file(&mut patch, path, side(base)?.as_deref(), side(&after)?.as_deref());
        }
        Ok(patch)
    }

    /// How many lines come and go.
    pub fn line_count(&self, base: &Snapshot) -> LineCount {
        let mut count = LineCount::default();
        let Ok(after) = self.apply(base) else { return count };
        for path in self.paths() {
            let side = |snapshot: &Snapshot| snapshot.file(path).map(|file| file.bytes().to_vec()).unwrap_or_default();
            let (old, new) = (side(base), side(&after));
            for op in capture_diff_slices(Algorithm::Myers, &lines(&old), &lines(&new)) {
                if !matches!(op, DiffOp::Equal { .. }) {
                    count.removed += op.old_range().len();
                    count.added += op.new_range().len();
                }
            }
        }
        count
    }
}

fn write_file(patch: &mut Vec<u8>, path: &RepoPath, old: Option<&[u8]>, new: Option<&[u8]>) {
    let (a, b) = (quoted("a/", path), quoted("b/", path));
    patch.extend(format!("diff --git {a} {b}\n").bytes());
    match (old, new) {
        (None, _) => patch.extend(b"new file mode 100644\n"),
        (_, None) => patch.extend(b"deleted file mode 100644\n"),
        _ => {}
    }
    let (old_bytes, new_bytes) = (old.unwrap_or_default(), new.unwrap_or_default());
    if old_bytes.contains(&0) || new_bytes.contains(&0) {
        patch.extend(format!("Binary files {a} and {b} differ\n").bytes());
        return;
    }
    let name = |side: Option<&[u8]>, name: &str| match side {
        None => "/dev/null".to_owned(),
        Some(_) if name.contains(' ') => format!("{name}\t"),
        Some(_) => name.to_owned(),
    };
    let (old_lines, new_lines) = (lines(old_bytes), lines(new_bytes));
    let ops = capture_diff_slices(Algorithm::Myers, &old_lines, &new_lines);
    let hunks = group_diff_ops(ops, CONTEXT);
    if hunks.is_empty() {
        return;
    }
    patch.extend(format!("--- {}\n+++ {}\n", name(old, &a), name(new, &b)).bytes());
    for hunk in hunks {
        write_hunk(patch, &hunk, &old_lines, &new_lines);
    }
}

fn write_hunk(patch: &mut Vec<u8>, ops: &[DiffOp], old: &[&[u8]], new: &[&[u8]]) {
    let (Some(first), Some(last)) = (ops.first(), ops.last()) else { return };
    let header = |start: usize, end: usize| match end - start {
        1 => format!("{}", start + 1),
        0 => format!("{start},0"),
        count => format!("{},{count}", start + 1),
    };
    let before = header(first.old_range().start, last.old_range().end);
    let after = header(first.new_range().start, last.new_range().end);
    patch.extend(format!("@@ -{before} +{after} @@\n").bytes());
    for change in ops.iter().flat_map(|op| op.iter_changes(old, new)) {
        patch.push(match change.tag() {
            ChangeTag::Equal => b' ',
            ChangeTag::Delete => b'-',
            ChangeTag::Insert => b'+',
        });
        patch.extend(change.value());
        if !change.value().ends_with(b"\n") {
            patch.extend(b"\n\\ No newline at end of file\n");
        }
    }
}

/// The path as git writes it in a patch.
fn quoted(prefix: &str, path: &RepoPath) -> String {
    match path.as_str().contains('"') {
        true => format!("\"{prefix}{}\"", path.as_str().replace('"', "\\\"")),
        false => format!("{prefix}{path}"),
    }
}
