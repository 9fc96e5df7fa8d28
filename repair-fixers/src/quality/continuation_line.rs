//! Continuation lines that are not indented as their bracket asks.

use super::finding::Finding;
use super::realign::{indent_of, is_visual, realigned};
use super::tokens::Tokens;
use crate::manual::fixer;
use crate::python::insert::line_start;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};

fixer! {
    /// Indents a continuation line as its bracket asks.
    ///
    /// # What it repairs
    ///
    /// pycodestyle's E121, E122, E123, E124, E126, E127, E128 and E131.
    /// A line behind a bracket that has something beside it is aligned with that; a line behind a bracket that ends its
    /// line is indented by four spaces more than the bracket's line; a closing bracket stands below the beginning of the
    /// line that opened it, or (E124) below what stands beside the opening one.
    /// Lines that hang on the moved one move along.
    ///
    /// # Why it is safe
    ///
    /// White space within brackets and outside of strings means nothing.
    ///
    /// # Before
    ///
    /// ```python
    /// x = f(1,
    ///     2)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// x = f(1,
    ///       2)
    /// ```
    pub(crate) struct ContinuationLine {
        id: "quality/continuation-line",
        summary: "indent a continuation line as its bracket asks",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for ContinuationLine {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        if !matches!(finding.code, "E121" | "E122" | "E123" | "E124" | "E126" | "E127" | "E128" | "E131") {
            return Err(Skip::new("it is not about the indentation of a continuation line"));
        }
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let start = finding.line.start();
        let indent = indent_of(finding.text, start);
        let wanted = wanted(&finding, &tokens).or_skip("the line does not continue a bracket")?;
        if wanted == indent.len() || indent.contains('\t') || tokens.is_inside_text(start) {
            return Err(Skip::new("the line is indented as its bracket asks"));
        }
        let lines = siblings(&finding, &tokens);
        let edits = lines.iter().map(|line| (Span::new(*line, line + indent.len()), " ".repeat(wanted))).collect();
        let edits = realigned(finding.text, &tokens, edits);
        let title =
            format!("Indent line {} of `{}` as its bracket asks", Span::line_of(finding.text, start), finding.path);
        let fix = fixes.add(Applicability::Safe, title, |changes| _ = changes.replace_all(finding.path, edits))?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

/// The beginnings of the line and of those below it in the same bracket that are indented as it is.
fn siblings(finding: &Finding<'_>, tokens: &Tokens) -> Vec<usize> {
    let text = finding.text;
    let bracket = tokens.open_at(finding.line.start()).pop();
    let closes = |line: usize| text[line..].trim_start().starts_with([')', ']', '}']);
    let mut lines = vec![finding.line.start()];
    let mut at = finding.line.start();
    while let Some(end) = text[at..].find('\n').filter(|_| !closes(finding.line.start())) {
        at += end + 1;
        let open = tokens.open_at(at);
        if !bracket.is_some_and(|bracket| open.contains(&bracket)) {
            break;
        }
        let same = indent_of(text, at) == indent_of(text, finding.line.start());
        if same && open.last() == bracket.as_ref() && !closes(at) && !tokens.is_inside_text(at) {
            lines.push(at);
        }
    }
    lines
}

/// The column at which the line should begin.
fn wanted(finding: &Finding<'_>, tokens: &Tokens) -> Option<usize> {
    let text = finding.text;
    let bracket = tokens.open_at(finding.line.start()).pop()?;
    let opening = line_start(text, bracket.span.start());
    let closes = tokens.within(finding.line).first()?.is_close();
    let base = indent_of(text, opening).len();
    Some(if closes && finding.code != "E124" {
        base
    } else if is_visual(text, tokens, bracket) {
        let rest = &text[bracket.span.end()..];
        let gap = rest.len() - rest.trim_start_matches(' ').len();
        text[opening..bracket.span.end()].chars().count() + gap
    } else {
        base + 4
    })
}

#[cfg(test)]
mod tests {
    use super::super::finding::flake8;
    use super::*;
    use repair_core::testing::{check_skipped, check_text};

    #[track_caller]
    fn check(code: &str, before: &str, after: &str) {
        check_text(&ContinuationLine, &format!("#- a.py\n{before}"), flake8(code, None), after);
    }

    #[test]
    fn lines_go_where_their_bracket_asks() {
        check("E128", "x = f(1,\n$0  2)\n", "x = f(1,\n      2)\n");
        check("E127", "x = f( 1,\n$0         2)\n", "x = f( 1,\n       2)\n");
        check("E126", "x = f(\n$0        1,\n)\n", "x = f(\n    1,\n)\n");
        check("E121", "x = f(\n$0  1)\n", "x = f(\n    1)\n");
        check("E124", "x = [1,\n     2\n$0  ]\n", "x = [1,\n     2\n     ]\n");
        check("E123", "x = f(\n    1,\n$0    )\n", "x = f(\n    1,\n)\n");
    }

    #[test]
    fn lines_that_are_indented_alike_move_together() {
        check(
            "E126",
            "x = f(\n$0        1,\n        g(2,\n          3),\n)\n",
            "x = f(\n    1,\n    g(2,\n      3),\n)\n",
        );
    }

    #[test]
    fn what_hangs_on_a_line_moves_along() {
        check("E126", "x = f(\n$0        g(1,\n          2),\n)\n", "x = f(\n    g(1,\n      2),\n)\n");
        check("E126", "x = f(\n$0        g(\n            1),\n)\n", "x = f(\n    g(\n        1),\n)\n");
    }

    #[test]
    fn other_lines_are_left_alone() {
        check_skipped(&ContinuationLine, "#- a.py\n$0x = 1\n", flake8("E128", None), "does not continue");
        check_skipped(&ContinuationLine, "#- a.py\n$0x = 1\n", flake8("E225", None), "not about the indentation");
    }
}
