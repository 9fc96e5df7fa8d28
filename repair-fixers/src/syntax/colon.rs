//! Candidates: the colon that a block begins with.

use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Adds the colon that a block begins with.
    ///
    /// # What it repairs
    ///
    /// `expected ':'`: a line that begins like `if`, `for`, `def` or `class` and does not end in a colon; also a
    /// semicolon, comma or `then` in the colon's place.
    ///
    /// # Why it is safe
    ///
    /// A line that begins with such a word has no meaning without the colon.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// def double(x)
    ///     return 2 * x
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def double(x):
    ///     return 2 * x
    /// ```
    pub(crate) struct MissingColon {
        id: "syntax/missing-colon",
        summary: "add the colon that a block begins with",
        handles: [Syntax],
        applicability: Safe,
    }
}

repairs!(MissingColon, MissingColon);

/// Words that begin a block.
pub(super) const HEADERS: [&str; 14] = [
    "if", "elif", "else", "for", "while", "def", "class", "try", "except", "finally", "with", "async", "match", "case",
];

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let lines = [Some(site.line), site.previous_code(site.line)];
    for line in lines.into_iter().flatten() {
        if HEADERS.contains(&site.first(line)) && !site.lines[line].continues {
            header(site, line, out);
        }
    }
    if site.token > 0 {
        in_one_line(site, out);
    }
}

fn header(site: &Site<'_>, line: usize, out: &mut Vec<Candidate>) {
    let tokens = site.lines[line].tokens.clone();
    let (first, last) = (tokens.start, tokens.end - 1);
    let base = site.tokens[first].depth;
    let open = tokens.clone().any(|index| site.str(index) == ":" && site.tokens[index].depth == base);
    let lambda = tokens.clone().any(|index| site.str(index) == "lambda");
    let balanced = site.tokens.get(tokens.end).map_or(depth_after(site, last), |next| next.depth) == base;
    if open && !lambda || site.last(line) == ":" {
        return;
    }
    let span = site.tokens[last].span.clone();
    let soft = matches!(site.first(line), "match" | "case");
    if matches!(site.last(line), ";" | "," | "." | "=" | "-" | "{" | "then" | "do" | "::" | "：" | "->") {
        out.push(Candidate::replace(Class::MissingColon, 0.45, span.clone(), ":"));
    }
    if site.first(line) == "def" && last == first + 1 {
        out.push(Candidate::insert(Class::MissingColon, 0.7, span.end, "():"));
    }
    if balanced {
        let end = Candidate::insert(Class::MissingColon, if soft { 0.8 } else { 0.5 }, span.end, ":");
        let plain = !matches!(site.last(line), ";" | "," | "." | "=" | "-" | "{" | "then" | "do");
        let clause = matches!(site.first(line), "else" | "try" | "finally");
        let sound = plain && !soft && (!clause || first == last);
        out.push(if sound { end.certain() } else { end });
    }
}

fn depth_after(site: &Site<'_>, index: usize) -> usize {
    let token = &site.tokens[index];
    match site.str(index) {
        "(" | "[" | "{" => token.depth + 1,
        ")" | "]" | "}" => token.depth.saturating_sub(1),
        _ => token.depth,
    }
}

/// `if x return y`, `else print(x)`.
fn in_one_line(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let line = site.line_of(site.tokens[site.token - 1].span.start);
    let first = site.first(line);
    if !HEADERS.contains(&first) || site.token <= site.lines[line].tokens.start {
        return;
    }
    let at = site.tokens[site.token - 1].span.end;
    let clause = matches!(first, "else" | "try" | "finally");
    out.push(Candidate::insert(Class::MissingColon, if clause { 0.6 } else { 0.9 }, at, ":"));
}
