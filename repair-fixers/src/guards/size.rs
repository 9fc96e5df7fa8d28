//! Asks for a person where a change is large.

use repair_core::{ChangeSet, FileChange, Guard, Objection, Rule, Snapshot};

/// Measures changes.
pub(super) struct Size;

const RULES: &[Rule] = &[Rule {
    id: "large-change",
    manual: "A change of very many files or lines is more than a repair: a person should read it. The limits are 50 files \
             and 2,000 changed lines.",
}];

const FILES: usize = 50;
const LINES: usize = 2_000;

impl Guard for Size {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, _after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let files = changes.files().count();
        let lines: usize = changes
            .files()
            .map(|(path, change)| match change {
                FileChange::Edit { edits, .. } => {
                    let text = before.file(path).ok().map(|file| file.bytes()).unwrap_or_default();
                    let gone = |span: repair_core::Span| text.get(span.range()).map_or(0, newlines);
                    edits.iter().map(|edit| newlines(edit.text().as_bytes()).max(gone(edit.span()))).sum()
                }
                FileChange::Create { contents } => newlines(contents),
                _ => before.file(path).map_or(0, |file| newlines(file.bytes())),
            })
            .sum();
        let large = files > FILES || lines > LINES;
        let reason = format!("{files} files and about {lines} lines change");
        large.then(|| Objection::needs_person(&RULES[0], reason)).into_iter().collect()
    }
}

fn newlines(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::objections;

    #[test]
    fn many_files_or_lines_want_a_person() {
        let many = |count: usize| (0..count).map(|n| format!("#- f{n}.txt\nx\n")).collect::<String>();
        assert_eq!(objections(&Size, "#- a\n", &format!("#- a\n{}", many(50))), []);
        assert_eq!(objections(&Size, "#- a\n", &format!("#- a\n{}", many(51))).len(), 1);
        let long = |count: usize| format!("#- a\n{}", "x = 1\n".repeat(count));
        assert_eq!(objections(&Size, "#- a\n", &long(2_000)), []);
        assert_eq!(objections(&Size, "#- a\n", &long(2_001)).len(), 1);
    }
}
