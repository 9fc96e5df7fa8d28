//! Where a linter's finding lies.

use repair_core::{FixContext, RepoPath, Skip, Span};

/// A finding with its place in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Finding<'a> {
    pub(super) path: &'a RepoPath,
    pub(super) text: &'a str,
    /// The line without its line end.
    pub(super) line: Span,
    /// The byte that the column means, if the tool names a column.
    pub(super) at: Option<usize>,
    pub(super) code: &'a str,
    pub(super) message: &'a str,
}

impl<'a> Finding<'a> {
    /// The finding that `ctx` is about.
    pub(super) fn of(ctx: &FixContext<'a>) -> Result<Self, Skip> {
        let failure = &ctx.analysis.failure;
        let (path, text, line) = ctx.suspect()?;
        let at = failure.column.map(|column| offset(text, line, column));
        let code = failure.code.as_deref().unwrap_or_default();
        Ok(Self { path, text, line, at, code, message: failure.message.as_deref().unwrap_or_default() })
    }

    /// The first run of digits in the message.
    pub(super) fn number(&self) -> Option<usize> {
        let rest = self.message.trim_start_matches(|c: char| !c.is_ascii_digit());
        rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())].parse().ok()
    }

    /// Whether the line tells linters to be silent, so that the finding is not of this text.
    pub(super) fn is_silenced(&self) -> bool {
        let line = self.text[self.line.range()].to_ascii_lowercase();
        line.contains("# noqa") || line.contains("#noqa") || line.contains("pylint: disable")
    }
}

/// The byte offset of a 1-based column, which counts characters.
fn offset(text: &str, line: Span, column: u32) -> usize {
    let contents = &text[line.range()];
    let index = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    line.start() + contents.char_indices().nth(index).map_or(contents.len(), |(at, _)| at)
}

/// A finding of flake8 with this code, at this column if any, for a test.
#[cfg(test)]
pub(super) fn flake8(code: &str, column: Option<u32>) -> repair_core::Failure {
    let mut failure = repair_core::Failure::new(repair_core::Category::Quality, "flake8");
    (failure.code, failure.column) = (Some(code.to_owned()), column);
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nö = 1\n";
        let line = Span::of_line(text, 2).unwrap();
        assert_eq!(&text[offset(text, line, 3)..], "= 1\n");
        assert_eq!(offset(text, line, 99), line.end());
    }
}
