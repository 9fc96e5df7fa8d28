//! Candidates: one token too few, too many, or wrong, near the problem.

use super::lex::Kind;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Inserts a comma, an operator or a keyword that is missing.
    ///
    /// # What it repairs
    ///
    /// `invalid syntax. Perhaps you forgot a comma?` and its like, near the place that the parser reports.
    ///
    /// # What may change
    ///
    /// Two operands without anything between them can be joined in many ways; in brackets a comma is the likeliest.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// pair = [1 2]
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// pair = [1, 2]
    /// ```
    pub(crate) struct MissingToken {
        id: "syntax/missing-token",
        summary: "insert a comma, an operator or a keyword that is missing",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(MissingToken, MissingToken);

fixer! {
    /// Removes a word or sign that does not belong there.
    ///
    /// # What it repairs
    ///
    /// `invalid syntax` at a doubled or left over word or sign.
    ///
    /// # What may change
    ///
    /// What is removed may have been meant, and something else may be missing.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// def double(x):
    ///     return return 2 * x
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// def double(x):
    ///     return 2 * x
    /// ```
    pub(crate) struct StrayToken {
        id: "syntax/stray-token",
        summary: "remove a word or sign that does not belong there",
        handles: [Syntax],
        applicability: Speculative,
    }
}

repairs!(StrayToken, StrayToken);

fixer! {
    /// Replaces a sign by the one that is meant.
    ///
    /// # What it repairs
    ///
    /// `=` for `==` in a condition, `=` for `:` in a dictionary, `;` for `,` or `:`, `&&`, `++`.
    ///
    /// # What may change
    ///
    /// Another sign may be meant; a person must look.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// if 1 = 2:
    ///     print("never")
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// if 1 == 2:
    ///     print("never")
    /// ```
    pub(crate) struct WrongToken {
        id: "syntax/wrong-token",
        summary: "replace a sign by the one that is meant",
        handles: [Syntax],
        applicability: Speculative,
    }
}

repairs!(WrongToken, WrongToken);

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let near = site.token.saturating_sub(4)..(site.token + 3).min(site.tokens.len() + 1);
    for at in near {
        let far = 0.06 * site.token.abs_diff(at) as f32;
        insertions(site, at, far, out);
        if at < site.tokens.len() {
            deletions(site, at, far, out);
            replacements(site, at, far, out);
        }
    }
    all_in_braces(site, out);
    rest_of_line(site, out);
}

fn insertions(site: &Site<'_>, at: usize, far: f32, out: &mut Vec<Candidate>) {
    if at == 0 {
        return;
    }
    let (before, depth) = (at - 1, site.tokens.get(at).map_or(0, |token| token.depth));
    let same_line = site
        .tokens
        .get(at)
        .is_some_and(|token| site.line_of(token.span.start) == site.line_of(site.tokens[before].span.end));
    let gap = site.ends_operand(before) && site.begins_operand(at);
    let end = site.tokens[before].span.end;
    let mut add = |cost: f32, text: &str| out.push(Candidate::insert(Class::MissingToken, cost + far, end, text));
    if gap && depth > 0 {
        add(0.6, ",");
    } else {
        add(1.3, ",");
    }
    let text_beside = site.kind(before) == Some(Kind::Text) || site.kind(at) == Some(Kind::Text);
    if gap && same_line {
        add(if text_beside { 0.85 } else { 1.2 }, " +");
        add(if depth == 0 { 1.0 } else { 1.1 }, " =");
        add(1.1, " in");
        add(1.15, " as");
        add(1.15, " import");
        add(1.2, ".");
        add(1.2, " %");
        add(1.25, " and");
        add(1.25, " ==");
        add(1.25, " if");
        add(1.25, " for");
        add(1.3, " else");
        add(1.3, " or");
        add(1.3, " -");
        let number = site.kind(before) == Some(Kind::Number);
        add(if number { 0.8 } else { 1.2 }, " *");
        add(1.4, " not");
        add(1.4, " is");
    }
    if depth > 0 && in_braces(site, at) {
        add(if gap { 0.8 } else { 1.1 }, ":");
    } else {
        add(1.3, ":");
    }
    if site.str(at) == "[" || site.str(at) == "(" || site.str(at) == "{" {
        add(0.95, " = ");
    }
    if !site.ends_operand(before) && !site.begins_operand(at) {
        add(1.4, " None");
        add(1.5, " x");
    }
}

fn in_braces(site: &Site<'_>, at: usize) -> bool {
    let depth = site.tokens.get(at).map_or(0, |token| token.depth);
    (0..at.min(site.tokens.len()))
        .rev()
        .find(|index| site.kind(*index) == Some(Kind::Opener) && site.tokens[*index].depth + 1 == depth)
        .is_some_and(|opener| site.str(opener) == "{")
}

fn deletions(site: &Site<'_>, at: usize, far: f32, out: &mut Vec<Candidate>) {
    let kind = site.kind(at);
    if matches!(kind, Some(Kind::Opener | Kind::Closer)) {
        return;
    }
    let doubled = at > 0 && site.str(at) == site.str(at - 1) && kind != Some(Kind::Number);
    let cost = match kind {
        _ if doubled => 0.6,
        Some(Kind::Unknown) => 0.8,
        Some(Kind::Operator) => 0.9,
        Some(Kind::Keyword) => 1.05,
        _ => 1.15,
    };
    let span = site.tokens[at].span.clone();
    out.push(Candidate::replace(Class::StrayToken, cost + far, grown(site, at, at), ""));
    for more in 1..=3 {
        let last = at + more;
        if last >= site.tokens.len() || site.line_of(site.tokens[last].span.start) != site.line_of(span.start) {
            break;
        }
        out.push(Candidate::replace(Class::StrayToken, cost + far + 0.3 * more as f32, grown(site, at, last), ""));
    }
}

/// The tokens with the white space that would be left over.
fn grown(site: &Site<'_>, first: usize, last: usize) -> std::ops::Range<usize> {
    let span = site.tokens[first].span.start..site.tokens[last].span.end;
    let starts_line = site.lines[site.line_of(span.start)].tokens.start == first;
    let behind = site.text[span.end..].len() - site.text[span.end..].trim_start_matches([' ', '\t']).len();
    let before = site.text[..span.start].ends_with([' ', '\t']);
    if starts_line || before { span.start..span.end + behind } else { span }
}

fn replacements(site: &Site<'_>, at: usize, far: f32, out: &mut Vec<Candidate>) {
    let span = site.tokens[at].span.clone();
    let line = site.line_of(span.start);
    let condition = matches!(site.first(line), "if" | "elif" | "while" | "assert" | "return");
    let nested = site.tokens[at].depth > 0;
    let ends = site.lines[line].tokens.end == at + 1;
    let options: &[(&str, f32)] = match site.str(at) {
        "=" if condition => &[("==", 0.5), (":", 1.4)],
        "=" if nested && in_braces(site, at) => &[(":", 0.7), ("==", 1.2), (",", 1.5)],
        "=" => &[("==", 1.0), (":", 1.1), (",", 1.5), ("-", 1.5)],
        ":" if nested => &[("=", 0.9), (",", 1.0), ("", 1.0)],
        ":" => &[("=", 1.1), (",", 1.4), (".", 1.4)],
        ";" if ends => &[(":", 0.6), ("", 0.9)],
        ";" => &[(",", 0.8), (":", 0.9)],
        "." => &[(",", 1.0), (":", 1.2)],
        "," => &[(":", 1.1), (".", 1.2), ("=", 1.4), (" in", 1.5)],
        "==" => &[("=", 0.9), (":", 1.3)],
        "->" => &[(".", 0.8), (":", 1.0)],
        "as" => &[("for", 1.2), ("=", 1.3)],
        "is" => &[("=", 1.4)],
        "in" => &[("=", 1.5)],
        "+" | "-" | "*" | "/" | "%" | "&" | "|" | "<" | ">" => &[(",", 1.5), ("=", 1.5)],
        "?" => &[("", 0.9)],
        _ => &[],
    };
    for (new, cost) in options {
        out.push(Candidate::replace(Class::WrongToken, cost + far, span.clone(), *new));
    }
}

/// `{'a' = 1, 'b' = 2}` and `dict('a': 1, 'b': 2)`: the same slip all over one pair of brackets.
fn all_in_braces(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let Some(token) = site.tokens.get(site.token.saturating_sub(1)) else { return };
    let index = site.token.min(site.tokens.len() - 1);
    let depth = site.tokens[index].depth.max(token.depth);
    if depth == 0 {
        return;
    }
    for (wrong, right, cost) in [("=", ":", 0.75), (":", "=", 1.1), (";", ",", 0.85), (":", ",", 1.3), ("=", ",", 1.6)]
    {
        let same = |range: &mut dyn Iterator<Item = usize>| -> Vec<usize> {
            range
                .take_while(|at| site.tokens[*at].depth >= depth)
                .filter(|at| site.tokens[*at].depth == depth && site.str(*at) == wrong)
                .collect()
        };
        let mut all = same(&mut (0..index).rev());
        all.reverse();
        all.extend(same(&mut (index..site.tokens.len())));
        if all.len() > 1 {
            let edits = all.iter().map(|at| (site.tokens[*at].span.clone(), right.to_owned())).collect();
            out.push(Candidate::new(Class::WrongToken, cost, edits));
        }
    }
    commas(site, index, depth, out);
}

/// Every comma that is missing between operands of one pair of brackets.
fn commas(site: &Site<'_>, index: usize, depth: usize, out: &mut Vec<Candidate>) {
    let gap = |at: &usize| {
        site.ends_operand(at - 1)
            && site.begins_operand(*at)
            && site.tokens[*at].depth >= 1
            && !(site.kind(*at) == Some(Kind::Opener) && site.str(*at) != "{" && site.kind(at - 1) == Some(Kind::Name))
    };
    let start = (0..index).rev().find(|at| site.tokens[*at].depth < depth).unwrap_or(0).max(1);
    let edits: Vec<_> = (start..site.tokens.len())
        .take_while(|at| *at <= index || site.tokens[*at].depth >= 1)
        .filter(gap)
        .map(|at| (site.tokens[at - 1].span.end..site.tokens[at - 1].span.end, ",".to_owned()))
        .collect();
    if edits.len() > 1 {
        out.push(Candidate::new(Class::MissingToken, 0.8, edits));
    }
}

/// What follows the problem on its line goes; or what stands before it.
fn rest_of_line(site: &Site<'_>, out: &mut Vec<Candidate>) {
    for at in [site.token, site.token.saturating_sub(1)] {
        if at >= site.tokens.len() {
            continue;
        }
        let line = site.line_of(site.tokens[at].span.start);
        let tokens = site.lines[line].tokens.clone();
        let count = tokens.end.saturating_sub(at);
        if count > 0 && at > tokens.start {
            let span = site.tokens[at - 1].span.end..site.tokens[tokens.end - 1].span.end;
            out.push(Candidate::replace(Class::StrayToken, 1.2 + 0.12 * count.min(8) as f32, span, ""));
            let before = site.tokens[tokens.start].span.start..site.tokens[at].span.start;
            let count = at - tokens.start;
            out.push(Candidate::replace(Class::StrayToken, 1.1 + 0.15 * count.min(8) as f32, before, ""));
        }
    }
}
