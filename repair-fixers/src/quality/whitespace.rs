//! White space at the ends of lines and files.

use crate::manual::fixer;
use crate::python::Module;
use repair_core::{
    Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip, Snapshot, Span,
};

fixer! {
    /// Cleans up white space at the ends of lines and files.
    ///
    /// # What it repairs
    ///
    /// White space at the ends of lines and files: pycodestyle's W291, W292, W293 and W391 (from flake8, ruff or pycodestyle
    /// itself), pylint's C0303, C0304 and C0305, and the pre-commit hooks `trailing-whitespace`, `end-of-file-fixer` and
    /// `mixed-line-ending`.
    /// A linter's finding is repaired on its line; a hook's, as the hook does it, in the whole file.
    ///
    /// # Why it is safe
    ///
    /// Nothing outside strings changes its meaning.
    /// Where white space inside a string literal would go, the fix is unsafe, since the string's value changes.
    ///
    /// # Before
    ///
    /// ```python
    /// def f():
    ///     return 1··
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def f():
    ///     return 1
    /// ```
    pub(crate) struct Whitespace {
        id: "quality/whitespace",
        summary: "remove trailing white space, end the file with one line end, keep one kind of line end",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for Whitespace {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let failure = &ctx.analysis.failure;
        let suspect = ctx.analysis.suspects.first().or_skip("the failure names no file")?;
        let (path, text) = (&suspect.path, ctx.snapshot.text(&suspect.path).or_skip("not a text file")?);
        let code = failure.code.as_deref().unwrap_or_default();
        let (title, edits) = match code {
            "W291" | "W293" | "C0303" | "trailing-whitespace" if failure.line.is_some() => {
                let line = suspect.span.or_skip("the file has no such line")?;
                ("Remove trailing white space from", vec![(trailing(text, line), "")])
            }
            "trailing-whitespace" => ("Remove trailing white space from", all_trailing(text)),
            "W292" | "W391" | "C0304" | "C0305" | "end-of-file-fixer" => ("Mend the end of", end_of_file(text)),
            "mixed-line-ending" => ("Use one kind of line end in", line_ends(text)),
            _ => return Err(Skip::new("it is not about white space at an end")),
        };
        let edits: Vec<(Span, &str)> = edits.into_iter().filter(|(span, with)| &text[span.range()] != *with).collect();
        let level = if edits.iter().any(|(span, _)| is_in_string(ctx.snapshot, path, *span)) {
            Applicability::Unsafe
        } else {
            Applicability::Safe
        };
        let fix = fixes.add(level, format!("{title} `{path}`"), |changes| {
            for (span, with) in &edits {
                changes.replace(path, *span, *with);
            }
        })?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

/// The white space at the end of the line.
fn trailing(text: &str, line: Span) -> Span {
    let kept = text[line.range()].trim_end_matches([' ', '\t', '\u{c}', '\u{b}']).len();
    Span::new(line.start() + kept, line.end())
}

fn all_trailing(text: &str) -> Vec<(Span, &'static str)> {
    let mut start = 0;
    let mut spans = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim_end_matches(['\n', '\r']).len();
        spans.push((trailing(text, Span::new(start, start + content)), ""));
        start += line.len();
    }
    spans
}

/// Blank lines at the end go; a missing line end comes, of the kind that the file has.
fn end_of_file(text: &str) -> Vec<(Span, &'static str)> {
    let content = text.trim_end_matches(['\n', '\r']).len();
    let line_end = match text.find('\n') {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    vec![(Span::new(content, text.len()), if content == 0 { "" } else { line_end })]
}

/// Every line end of the kind that most lines have.
fn line_ends(text: &str) -> Vec<(Span, &'static str)> {
    let (windows, all) = (text.matches("\r\n").count(), text.matches('\n').count());
    let wanted = if windows * 2 > all { "\r\n" } else { "\n" };
    let ends = text.match_indices('\n').map(|(end, _)| {
        let start = if text[..end].ends_with('\r') { end - 1 } else { end };
        (Span::new(start, end + 1), wanted)
    });
    ends.collect()
}

/// Whether the place is inside a string of a Python file, whose value would change.
fn is_in_string(snapshot: &Snapshot, path: &RepoPath, span: Span) -> bool {
    let is_python = matches!(path.extension(), Some("py" | "pyi"));
    let Some(module) = Module::at(snapshot, path).filter(|_| is_python && !span.is_empty()) else { return false };
    let node = module.root().descendant_for_byte_range(span.start(), span.end());
    std::iter::successors(node, |node| node.parent()).any(|node| node.kind() == "string")
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;
    use repair_core::Failure;
    use repair_core::testing::{Fixture, check, check_skipped, propose};

    fn failure(tool: &str, code: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, tool);
        failure.code = Some(code.into());
        failure
    }

    #[test]
    fn flake8_names_the_line() {
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,2 +1,2 @@\n-x = 1 \t\n+x = 1\n y = 2  \n";
        check(&Whitespace, "#- a.py\nx = 1 \t$0\ny = 2  \n", failure("flake8", "W291"), expected);
    }

    #[test]
    fn the_hook_cleans_the_file() {
        let mut hook = failure("pre-commit", "trailing-whitespace");
        hook.path = Some(RepoPath::new("notes.md").unwrap());
        let expected = "--- a/notes.md\n+++ b/notes.md\n@@ -1,3 +1,3 @@\n-a \n-\t\n+a\n+\n b\n";
        check(&Whitespace, "#- notes.md\na \n\t\nb\n", hook, expected);
    }

    #[test]
    fn the_end_of_the_file_is_one_line_end() {
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-x = 1\n\\ No newline at end of file\n+x = 1\n";
        check(&Whitespace, "#- a.py\nx = 1$0", failure("flake8", "W292"), expected);
        let expected = "--- a/a.py\n+++ b/a.py\n@@ -1,3 +1 @@\n x = 1\n-\n-\n";
        check(&Whitespace, "#- a.py\nx = 1$0\n\n\n", failure("flake8", "W391"), expected);
    }

    #[test]
    fn a_string_would_change_its_value() {
        let fixture = Fixture::new("#- a.py\nx = \"\"\"a  $0\n\"\"\"\n");
        let failure = fixture.place(failure("flake8", "W291"));
        let fixes = propose(&Whitespace, &fixture.snapshot, &failure, &Default::default()).unwrap();
        assert_eq!(fixes[0].applicability(), Applicability::Unsafe);
    }

    #[test]
    fn other_findings_are_left_alone() {
        check_skipped(&Whitespace, "#- a.py\nx = 1$0\n", failure("flake8", "E501"), "not about white space");
        check_skipped(&Whitespace, "#- a.py\nx = 1$0\n", failure("flake8", "W291"), "change nothing");
    }
}
