//! Blank lines between definitions.

use super::finding::Finding;
use super::realign::indent_of;
use super::tokens::Tokens;
use crate::manual::fixer;
use crate::python::insert::{line_end, line_start};
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};

fixer! {
    /// Gives definitions the blank lines that PEP 8 asks for.
    ///
    /// # What it repairs
    ///
    /// pycodestyle's E301, E302, E303, E304, E305 and E306, from flake8, ruff or pycodestyle itself.
    /// Comments that stand directly above a definition stay there; the blank lines go above them.
    ///
    /// # Why it is safe
    ///
    /// Only blank lines outside of strings come and go.
    ///
    /// # Before
    ///
    /// ```python
    /// import os
    ///
    /// # Says where.
    /// def where():
    ///     return os.getcwd()
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// import os
    ///
    ///
    /// # Says where.
    /// def where():
    ///     return os.getcwd()
    /// ```
    pub(crate) struct BlankLines {
        id: "quality/blank-lines",
        summary: "add or remove blank lines around definitions",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for BlankLines {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let (text, start) = (finding.text, finding.line.start());
        let nested = !indent_of(text, start).is_empty();
        let expected = |usual| finding.number().unwrap_or(usual);
        let (at, wanted) = match finding.code {
            "E301" | "E306" => (attached(text, start), expected(1)),
            "E302" | "E305" => (attached(text, start), expected(2)),
            "E303" => (start, if nested { 1 } else { 2 }),
            "E304" => (start, 0),
            _ => return Err(Skip::new("it is not about blank lines")),
        };
        let run = blank_above(text, at);
        let present = text[run.range()].matches('\n').count();
        let is_wrong = if matches!(finding.code, "E303" | "E304") { present > wanted } else { present < wanted };
        if at == 0 || wanted > 2 || !is_wrong {
            return Err(Skip::new("the blank lines are as they should be"));
        }
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        if tokens.is_inside_text(run.start()) {
            return Err(Skip::new("the line is part of a string"));
        }
        let (verb, place) = (if present < wanted { "Add" } else { "Remove" }, Span::line_of(text, start));
        let title = format!("{verb} blank lines above line {place} of `{}`", finding.path);
        let fix = fixes.add(Applicability::Safe, title, |changes| {
            changes.replace(finding.path, run, line_end(text).repeat(wanted));
        })?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

/// Where the comments begin that stand directly above the line at `start`, at its indentation.
fn attached(text: &str, start: usize) -> usize {
    let mut at = start;
    while at > 0 {
        let previous = line_start(text, at - 1);
        let indent = indent_of(text, previous);
        if indent != indent_of(text, start) || !text[previous + indent.len()..].starts_with('#') {
            break;
        }
        at = previous;
    }
    at
}

/// The blank lines directly above the line at `start`.
fn blank_above(text: &str, start: usize) -> Span {
    let mut at = start;
    while at > 0 {
        let previous = line_start(text, at - 1);
        if !text[previous..at].trim().is_empty() {
            break;
        }
        at = previous;
    }
    Span::new(at, start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::{Fixture, check_skipped, propose};
    use repair_core::{Category, Facts, Failure};

    fn failure(code: &str, message: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, "flake8");
        failure.code = Some(code.to_owned());
        failure.message = Some(message.to_owned());
        failure
    }

    #[track_caller]
    fn check(code: &str, message: &str, before: &str, after: &str) {
        let fixture = Fixture::new(&format!("#- a.py\n{before}"));
        let failure = fixture.place(failure(code, message));
        let fixes = propose(&BlankLines, &fixture.snapshot, &failure, &Facts::default()).expect("a fix");
        assert_eq!(fixes[0].applicability(), Applicability::Safe);
        let repaired = fixes[0].changes().apply(&fixture.snapshot).unwrap();
        assert_eq!(repaired.text(&fixture.marks[0].0).unwrap(), after);
        let again = propose(&BlankLines, &repaired, &failure, &Facts::default());
        assert!(again.is_err() || failure.line.is_some(), "{again:?}");
    }

    #[test]
    fn missing_blank_lines_come() {
        check(
            "E301",
            "expected 1 blank line, found 0",
            "class A:\n    a = 1\n    $0def f(self): pass\n",
            "class A:\n    a = 1\n\n    def f(self): pass\n",
        );
        check(
            "E302",
            "expected 2 blank lines, found 1",
            "a = 1\n\n$0@b\ndef f(): pass\n",
            "a = 1\n\n\n@b\ndef f(): pass\n",
        );
        check(
            "E302",
            "expected 2 blank lines, found 0",
            "a = 1\n# f\n# g\n$0def f(): pass\n",
            "a = 1\n\n\n# f\n# g\ndef f(): pass\n",
        );
        check(
            "E305",
            "expected 2 blank lines after class or function definition, found 1",
            "def f():\n    pass\n    # in f\n\n# out\n$0f()\n",
            "def f():\n    pass\n    # in f\n\n\n# out\nf()\n",
        );
        check(
            "E306",
            "expected 1 blank line before a nested definition, found 0",
            "def f():\n    a = 1\n    $0def g(): pass\n",
            "def f():\n    a = 1\n\n    def g(): pass\n",
        );
        check(
            "E302",
            "expected 2 blank lines, found 1",
            "a = 1\r\n\r\n$0def f(): pass\r\n",
            "a = 1\r\n\r\n\r\ndef f(): pass\r\n",
        );
    }

    #[test]
    fn superfluous_blank_lines_go() {
        check("E303", "too many blank lines (3)", "a = 1\n\n\n  \n$0b = 1\n", "a = 1\n\n\nb = 1\n");
        check(
            "E303",
            "too many blank lines (2)",
            "def f():\n    a = 1\n\n\n    $0b = 1\n",
            "def f():\n    a = 1\n\n    b = 1\n",
        );
        check(
            "E304",
            "blank lines found after function decorator (1)",
            "@a\n\n$0def f(): pass\n",
            "@a\ndef f(): pass\n",
        );
    }

    #[test]
    fn what_is_as_it_should_be_stays() {
        let skipped = |code, text| check_skipped(&BlankLines, text, failure(code, ""), "as they should be");
        skipped("E302", "#- a.py\na = 1\n\n\n$0def f(): pass\n");
        skipped("E302", "#- a.py\n$0def f(): pass\n");
        skipped("E303", "#- a.py\na = 1\n\n$0b = 1\n");
        check_skipped(&BlankLines, "#- a.py\n$0a = 1\n", failure("E501", ""), "not about blank lines");
    }
}
