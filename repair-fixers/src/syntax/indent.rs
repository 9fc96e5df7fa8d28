//! Candidates: indentation, and blocks without a body.

use super::colon::HEADERS;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;
use std::ops::Range;

fixer! {
    /// Mends the indentation of lines.
    ///
    /// # What it repairs
    ///
    /// `unexpected indent`, `expected an indented block`, `unindent does not match any outer indentation level`.
    ///
    /// # What may change
    ///
    /// How many lines belong to a block is a guess from blank lines, clauses and definitions.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// def double(x):
    /// return 2 * x
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def double(x):
    ///     return 2 * x
    /// ```
    pub(crate) struct Indentation {
        id: "syntax/indentation",
        summary: "mend the indentation of lines",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(Indentation, Indentation);

fixer! {
    /// Gives an empty block the body `pass`.
    ///
    /// # What it repairs
    ///
    /// `expected an indented block` where nothing follows that could be the body.
    ///
    /// # What may change
    ///
    /// The block does nothing; its author may have meant to fill it.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// class Empty:
    ///
    ///
    /// def f():
    ///     return 1
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// class Empty:
    ///     pass
    ///
    ///
    /// def f():
    ///     return 1
    /// ```
    pub(crate) struct EmptyBody {
        id: "syntax/empty-body",
        summary: "give an empty block a body",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(EmptyBody, EmptyBody);

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let message = site.message.to_ascii_lowercase();
    if message.contains("expected an indented block") {
        missing_body(site, out);
    }
    if message.contains("unexpected indent")
        || message.contains("unindent")
        || message.contains("expected a statement")
        || message.contains("dedent")
        || message.contains("expected an indented block")
    {
        let line = code_line(site, site.line);
        too_deep(site, line, out);
        if line > 0 && !site.lines[line].continues {
            between(site, line, out);
        }
    }
}

/// `line`, or the next one with code.
fn code_line(site: &Site<'_>, line: usize) -> usize {
    (line..site.lines.len()).find(|line| site.has_code(*line)).unwrap_or(line)
}

fn width(indent: &str) -> usize {
    indent.chars().fold(0, |column, c| if c == '\t' { column / 8 * 8 + 8 } else { column + 1 })
}

fn depth(site: &Site<'_>, line: usize) -> usize {
    width(site.indent(line))
}

/// The lines with code from `from` on, as long as `goes_on`; lines inside of brackets belong to their statement.
fn run(site: &Site<'_>, from: usize, goes_on: impl Fn(usize) -> bool) -> Range<usize> {
    let end = (from + 1..site.lines.len())
        .find(|line| site.has_code(*line) && !site.lines[*line].continues && !goes_on(*line))
        .unwrap_or(site.lines.len());
    from..end
}

/// Shifts `lines` by the difference between the indentation of the first and `to`.
fn shifted(site: &Site<'_>, lines: Range<usize>, to: &str) -> Vec<(Range<usize>, String)> {
    let from = site.indent(lines.start);
    lines
        .filter(|line| site.has_code(*line) || !site.indent(*line).is_empty())
        .filter(|line| !site.text[site.lines[*line].span.clone()].trim().is_empty())
        .map(|line| {
            let indent = site.indent(line);
            let start = site.lines[line].span.start;
            let new = match indent.strip_prefix(from) {
                Some(rest) => format!("{to}{rest}"),
                None => " ".repeat((width(indent) + width(to)).saturating_sub(width(from))),
            };
            (start..start + indent.len(), new)
        })
        .collect()
}

fn shift(site: &Site<'_>, cost: f32, lines: Range<usize>, to: &str, out: &mut Vec<Candidate>) {
    let edits = shifted(site, lines, to);
    if !edits.is_empty() {
        out.push(Candidate::new(Class::Indentation, cost, edits));
    }
}

/// A line that is deeper than the block it stands in.
fn too_deep(site: &Site<'_>, line: usize, out: &mut Vec<Candidate>) {
    let own = depth(site, line);
    let Some(previous) = (0..line).rev().find(|line| site.has_code(*line) && !site.lines[*line].continues) else {
        if own > 0 {
            shift(site, 0.4, run(site, line, |next| depth(site, next) >= own), "", out);
            shift(site, 0.7, line..line + 1, "", out);
        }
        return;
    };
    if own > depth(site, previous) {
        let to = site.indent(previous);
        shift(site, 0.65, run(site, line, |next| depth(site, next) >= own), to, out);
        shift(site, 0.7, run(site, line, |next| depth(site, next) > depth(site, previous)), to, out);
        shift(site, 0.85, line..line + 1, to, out);
        let end = site.code_end(previous);
        out.push(Candidate::insert(Class::MissingToken, 1.3, end, " \\"));
        if previous == 0 || (0..previous).all(|line| !site.has_code(line)) {
            // The first line of pasted text often lost its indentation.
            shift(site, 0.8, run(site, line, |next| depth(site, next) >= own), "", out);
        }
    }
}

/// A line whose indentation is none of those of the blocks around it.
fn between(site: &Site<'_>, line: usize, out: &mut Vec<Candidate>) {
    let own = depth(site, line);
    let mut levels: Vec<(usize, usize)> = Vec::new();
    let mut ceiling = usize::MAX;
    for above in (0..line).rev().filter(|above| site.has_code(*above) && !site.lines[*above].continues) {
        let depth = depth(site, above);
        if depth < ceiling {
            levels.push((depth, above));
            ceiling = depth;
        }
    }
    if levels.iter().any(|(depth, _)| *depth == own) {
        return;
    }
    let clause = matches!(site.first(line), "else" | "elif" | "except" | "finally");
    levels.sort_by_key(|(depth, _)| depth.abs_diff(own));
    for (rank, (_, above)) in levels.iter().take(4).enumerate() {
        let opens = site.last(*above) == ":" && HEADERS.contains(&site.first(*above));
        let misfit = if clause != opens { 0.15 } else { 0.0 };
        let cost = 0.6 + 0.12 * rank as f32 + misfit;
        shift(site, cost, run(site, line, |next| depth(site, next) >= own), site.indent(*above), out);
        shift(site, cost + 0.1, run(site, line, |next| depth(site, next) == own), site.indent(*above), out);
        shift(site, cost + 0.2, line..line + 1, site.indent(*above), out);
    }
}

/// A header whose body is missing or not indented.
fn missing_body(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let next = site.tokens.get(site.token).map(|token| site.line_of(token.span.start));
    let at_end = next.is_none();
    let next = next.unwrap_or(site.lines.len());
    let limit = if at_end { site.lines.len() } else { next };
    let Some(header) = (0..limit).rev().find(|line| site.has_code(*line)) else { return };
    let first = (0..=header).rev().find(|line| site.has_code(*line) && !site.lines[*line].continues).unwrap_or(header);
    let body = format!("{}{}pass", site.indent(first), site.unit());
    let pass = |cost| {
        Candidate::insert(Class::EmptyBody, cost, site.code_end_with_comment(header), format!("{}{body}", site.eol()))
    };
    if at_end {
        out.push(pass(0.4));
        return;
    }
    let word = site.first(next);
    let starts_block = matches!(word, "def" | "class" | "@" | "elif" | "else" | "except" | "finally" | "async");
    let shallower = depth(site, next) < depth(site, first);
    let is_class = site.first(first) == "class";
    out.push(pass(match () {
        () if shallower => 0.5,
        () if starts_block && !is_class => 0.5,
        () => 1.0,
    }));
    if !shallower {
        indent_body(site, first, next, starts_block && !is_class, out);
    }
}

fn indent_body(site: &Site<'_>, header: usize, next: usize, block: bool, out: &mut Vec<Candidate>) {
    let own = depth(site, next);
    let to = format!("{}{}", site.indent(header), site.unit());
    let extra = if block { 0.35 } else { 0.0 };
    let word = site.first(header);
    let same = |line: usize| depth(site, line) == own;
    let clause = |line: usize| same(line) && matches!(site.first(line), "elif" | "else" | "except" | "finally");
    let definition = |line: usize| same(line) && matches!(site.first(line), "def" | "class" | "@" | "async");
    let main = |line: usize| same(line) && site.text[site.lines[line].span.clone()].contains("__name__");
    let gap = |line: usize| same(line) && line > 0 && site.text[site.lines[line - 1].span.clone()].trim().is_empty();
    let below = |line: usize| depth(site, line) < own;
    let is_class = |line: usize| same(line) && site.first(line) == "class" || main(line);
    let ends: [(f32, Range<usize>); 5] = match word {
        "class" => [
            (0.5, run(site, next, |line| !is_class(line) && !below(line))),
            (0.8, run(site, next, |line| !below(line))),
            (0.8, run(site, next, |line| !gap(line) && !below(line))),
            (0.85, run(site, next, |line| !definition(line) && !below(line))),
            (0.9, next..next + 1),
        ],
        "def" | "async" => [
            (0.5, run(site, next, |line| !definition(line) && !main(line) && !below(line))),
            (0.7, run(site, next, |line| !gap(line) && !below(line))),
            (0.75, run(site, next, |line| !below(line))),
            (0.9, run(site, next, |line| !same(line))),
            (0.95, next..next + 1),
        ],
        _ => [
            (0.5, run(site, next, |line| !gap(line) && !clause(line) && !definition(line) && !below(line))),
            (0.6, run(site, next, |line| !clause(line) && !definition(line) && !below(line))),
            (0.55, run(site, next, |line| !same(line) && !below(line))),
            (0.7, run(site, next, |line| !below(line))),
            (0.8, next..next + 1),
        ],
    };
    for (cost, lines) in ends {
        shift(site, cost + extra, lines, &to, out);
    }
}
