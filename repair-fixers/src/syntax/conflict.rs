//! Marks of a merge conflict.

use super::propose::suspect;
use crate::manual::fixer;
use crate::python::syntax_problem;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, Skip};

fixer! {
    /// Resolves a merge conflict whose marks were left in the file.
    ///
    /// # What it repairs
    ///
    /// A file with `<<<<<<<`, `=======` and `>>>>>>>` lines.
    ///
    /// # What may change
    ///
    /// Either side may be the right one, so each is proposed, if the file then parses, and a person must choose.
    ///
    /// # Before
    ///
    /// ```python
    /// <<<<<<< HEAD
    /// limit = 10
    /// =======
    /// limit = 20
    /// >>>>>>> feature
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// limit = 10
    /// ```
    pub(crate) struct MergeConflict {
        id: "syntax/merge-conflict",
        summary: "resolve a merge conflict for one side",
        handles: [Syntax],
        applicability: Speculative,
    }
}

impl FixGenerator for MergeConflict {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let (path, text) = suspect(ctx)?;
        if !has_conflict(text) {
            return Err(Skip::new("the file has no marks of a merge conflict"));
        }
        let sides = [(Side::Ours, "first", Confidence::Medium), (Side::Theirs, "second", Confidence::Low)];
        let mut parsed = 0;
        for (side, name, confidence) in sides {
            let resolved = resolve(text, side);
            if syntax_problem(&resolved).is_none() {
                parsed += 1;
                fixes
                    .add(Applicability::Speculative, format!("Keep the {name} side of the conflict"), |changes| {
                        changes.rewrite(path, resolved.as_bytes());
                    })?
                    .confidence(confidence);
            }
        }
        if parsed == 0 { Err(Skip::new("the file parses with neither side")) } else { Ok(()) }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Ours,
    Theirs,
}

/// Whether all three marks begin lines of `text`, in their order.
pub(super) fn has_conflict(text: &str) -> bool {
    let mut marks = ["<<<<<<< ", "=======", ">>>>>>> "].iter().peekable();
    for line in text.lines() {
        if marks.peek().is_some_and(|mark| line.starts_with(**mark)) {
            marks.next();
        }
    }
    marks.peek().is_none()
}

fn resolve(text: &str, side: Side) -> String {
    let mut at: Option<Option<Side>> = None;
    let mut kept = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        match at {
            _ if line.starts_with("<<<<<<< ") => at = Some(Some(Side::Ours)),
            Some(_) if line.starts_with("||||||| ") => at = Some(None),
            Some(_) if line.trim_end() == "=======" => at = Some(Some(Side::Theirs)),
            Some(_) if line.starts_with(">>>>>>> ") => at = None,
            Some(current) if current != Some(side) => {}
            _ => kept.push_str(line),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{check, check_skipped};
    use repair_core::{Category, Failure};

    fn failure() -> Failure {
        Failure::new(Category::Syntax, "python")
    }

    #[test]
    fn the_side_that_parses_is_kept() {
        check(
            &MergeConflict,
            "#- a.py\nx = 1\n$0<<<<<<< HEAD\ny = (\n||||||| base\ny = 0\n=======\ny = 2\n>>>>>>> b\nz = 3\n",
            failure(),
            "--- a/a.py\n+++ b/a.py\n@@ -1,9 +1,3 @@\n x = 1\n-<<<<<<< HEAD\n-y = (\n-||||||| base\n-y = 0\n-=======\n \
             y = 2\n->>>>>>> b\n z = 3\n",
        );
    }

    #[test]
    fn other_files_are_left_alone() {
        check_skipped(&MergeConflict, "#- a.py\n$0x = '''\n=======\n'''\n", failure(), "no marks");
        let broken = "#- a.py\n$0<<<<<<< a\nx = (\n=======\ny = (\n>>>>>>> b\n";
        check_skipped(&MergeConflict, broken, failure(), "neither side");
    }
}
