//! Lines that are too long.

mod chain;
mod code;
mod pieces;
mod proof;
mod prose;

use self::proof::{Sameness, prove};
use super::finding::Finding;
use super::realign::Edit;
use super::tokens::Tokens;
use crate::manual::fixer;
use crate::python::Module;
use regex::Regex;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, RepoPath, Skip};
use std::sync::LazyLock;

fixer! {
    /// Breaks a line that is longer than the linter allows.
    ///
    /// # What it repairs
    ///
    /// E501 of pycodestyle, flake8 and ruff, W505 of pycodestyle, C0301 of pylint.
    /// A trailing comment moves above its line; a comment or a docstring is wrapped between words; code breaks behind an
    /// opening bracket, between the items of a bracket, or gets parentheses; a string within brackets is split into two
    /// that stand side by side.
    /// Where the project is formatted by black, the shapes are those that black leaves alone.
    ///
    /// # Why it is safe
    ///
    /// Every line that comes is as short as the message asks, and the file still parses to the same syntax tree.
    /// Where more than line ends, parentheses and trailing commas differ (a split string, a wrapped docstring), the fix is
    /// unsafe.
    ///
    /// # Before
    ///
    /// ```python
    /// def f():
    ///     return describe("a first argument", "a second argument")
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def f():
    ///     return describe("a first argument",
    ///                     "a second argument")
    /// ```
    pub(crate) struct LineTooLong {
        id: "quality/line-too-long",
        summary: "break a line that is too long",
        handles: [Quality],
        applicability: Safe,
    }
}

/// A way to break the line.
#[derive(Clone)]
struct Shape {
    title: &'static str,
    edits: Vec<Edit>,
    /// How far it tears apart what belongs together, in lines.
    cost: usize,
    /// What it may change in the syntax tree.
    allows: Sameness,
}

/// The line, and what is known of its surroundings.
struct Long<'a> {
    finding: Finding<'a>,
    module: &'a Module,
    tokens: &'a Tokens,
    limit: usize,
    black: bool,
}

impl Long<'_> {
    fn line(&self) -> &str {
        &self.finding.text[self.finding.line.range()]
    }

    fn fits(&self, line: &str) -> bool {
        line.trim_end().chars().count() <= self.limit
    }
}

/// More ways than this help nobody.
const MOST_SHAPES: usize = 3;

impl FixGenerator for LineTooLong {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let limit = limit(&finding).or_skip("the failure is not about a line that is too long")?;
        let module = Module::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let black = uses_black(ctx);
        let long = Long { finding, module: &module, tokens: &tokens, limit, black };
        if long.fits(long.line()) {
            return Err(Skip::new("the line is short enough"));
        }
        if finding.is_silenced() {
            return Err(Skip::new("the line tells linters to be silent"));
        }
        let mut proven: Vec<(usize, Applicability, Shape)> = shapes(&long)
            .into_iter()
            .filter_map(|shape| prove(&long, &shape).map(|(lines, level)| (lines, level, shape)))
            .collect();
        if !black {
            proven.sort_by_key(|(lines, level, shape)| (std::cmp::Reverse(*level), *lines + shape.cost));
        }
        if proven.is_empty() {
            return Err(Skip::new("no way to break the line keeps its meaning and fits"));
        }
        for (place, (_, level, shape)) in proven.into_iter().take(MOST_SHAPES).enumerate() {
            let title = format!(
                "{} in line {} of `{}`",
                shape.title,
                ctx.analysis.failure.line.unwrap_or_default(),
                finding.path
            );
            let fix = fixes.add(level, title, |changes| {
                for (span, new) in shape.edits {
                    changes.replace(finding.path, span, new);
                }
            })?;
            fix.confidence(if place == 0 { Confidence::High } else { Confidence::Low });
        }
        Ok(())
    }
}

fn shapes(long: &Long<'_>) -> Vec<Shape> {
    if prose::gives_orders(long) {
        return Vec::new();
    }
    let prose = prose::shapes(long);
    if prose.is_empty() { code::shapes(long) } else { prose }
}

/// The longest line that the message allows.
fn limit(finding: &Finding<'_>) -> Option<usize> {
    static MESSAGE: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?i)line too long \(\d+(?:/| > )(\d+)").ok());
    MESSAGE.as_ref()?.captures(finding.message)?[1].parse().ok()
}

/// Whether black, or a formatter in its style, formats the project.
fn uses_black(ctx: &FixContext<'_>) -> bool {
    let says = |path: &str, words: &[&str]| {
        let text = RepoPath::new(path).ok().and_then(|path| ctx.snapshot.text(&path).ok());
        text.is_some_and(|text| words.iter().any(|word| text.contains(word)))
    };
    says("pyproject.toml", &["[tool.black", "[tool.ruff.format"])
        || says(".pre-commit-config.yaml", &["psf/black", "id: black", "ruff-format"])
        || says("tox.ini", &["black"])
}

#[cfg(test)]
mod tests;
