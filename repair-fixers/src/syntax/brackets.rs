//! Candidates: brackets that are missing, left over, or of the wrong kind.

use super::colon::HEADERS;
use super::lex::Kind;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Closes a bracket.
    ///
    /// # What it repairs
    ///
    /// `'(' was never closed` and what the parser reports in a later line because of it.
    ///
    /// # What may change
    ///
    /// Where the bracket ends is a guess: before the colon of a header, at the end of a line, before the next
    /// statement, or in front of a word that cannot follow otherwise.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// total = sum([1, 2, 3]
    /// print(total)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// total = sum([1, 2, 3])
    /// print(total)
    /// ```
    pub(crate) struct UnclosedBracket {
        id: "syntax/unclosed-bracket",
        summary: "close a bracket",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(UnclosedBracket, UnclosedBracket);

fixer! {
    /// Removes, replaces or pairs a bracket that does not match.
    ///
    /// # What it repairs
    ///
    /// `unmatched ')'` and `closing parenthesis ']' does not match opening parenthesis '('`.
    ///
    /// # What may change
    ///
    /// Another bracket of the line may be the wrong one.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// print(len([1, 2, 3])))
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// print(len([1, 2, 3]))
    /// ```
    pub(crate) struct UnmatchedBracket {
        id: "syntax/unmatched-bracket",
        summary: "mend a bracket that does not match",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(UnmatchedBracket, UnmatchedBracket);

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let (open, wrong) = scan(site);
    if let Some((opener, closer)) = wrong {
        match opener {
            None => unmatched(site, closer, out),
            Some(opener) => mismatched(site, opener, closer, &open, out),
        }
    } else if !open.is_empty() {
        unclosed(site, &open, out);
    }
    swapped(site, out);
}

/// The brackets that are open at the first closer that does not fit, or at the end; and that closer with its opener.
fn scan(site: &Site<'_>) -> (Vec<usize>, Option<(Option<usize>, usize)>) {
    let mut open: Vec<usize> = Vec::new();
    for index in 0..site.tokens.len() {
        match site.kind(index) {
            Some(Kind::Opener) => open.push(index),
            Some(Kind::Closer) => match open.last() {
                Some(last) if closer_of(site.str(*last)) == site.str(index) => {
                    open.pop();
                }
                last => return (open.clone(), Some((last.copied(), index))),
            },
            _ => {}
        }
    }
    (open, None)
}

fn closer_of(opener: &str) -> &'static str {
    match opener {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn opener_of(closer: &str) -> &'static str {
    match closer {
        ")" => "(",
        "]" => "[",
        _ => "{",
    }
}

fn unmatched(site: &Site<'_>, closer: usize, out: &mut Vec<Candidate>) {
    let span = site.tokens[closer].span.clone();
    out.push(Candidate::replace(Class::UnmatchedBracket, 0.8, span, ""));
    let line = site.line_of(site.tokens[closer].span.start);
    let first = site.lines[line].tokens.start;
    for other in first..closer {
        if site.kind(other) == Some(Kind::Closer) {
            out.push(Candidate::replace(Class::UnmatchedBracket, 1.15, site.tokens[other].span.clone(), ""));
        }
    }
    for at in first..closer {
        let boundary = at == first
            || matches!(
                site.str(at - 1),
                "=" | "(" | "," | "[" | "{" | "return" | "in" | ":" | "if" | "and" | "or" | "not" | "while"
            );
        let cost = if boundary { 1.1 } else { 1.4 };
        out.push(Candidate::insert(
            Class::UnmatchedBracket,
            cost,
            site.tokens[at].span.start,
            opener_of(site.str(closer)),
        ));
    }
}

fn mismatched(site: &Site<'_>, opener: usize, closer: usize, open: &[usize], out: &mut Vec<Candidate>) {
    let expected = closer_of(site.str(opener));
    let span = site.tokens[closer].span.clone();
    let outer = open.iter().any(|index| closer_of(site.str(*index)) == site.str(closer));
    out.push(Candidate::replace(Class::UnmatchedBracket, if outer { 1.2 } else { 0.8 }, span.clone(), expected));
    out.push(Candidate::replace(Class::UnmatchedBracket, 1.1, span, ""));
    out.push(Candidate::replace(
        Class::UnmatchedBracket,
        1.2,
        site.tokens[opener].span.clone(),
        opener_of(site.str(closer)),
    ));
    out.push(Candidate::replace(Class::UnmatchedBracket, 1.2, site.tokens[opener].span.clone(), ""));
    for at in opener + 1..closer {
        if site.kind(at) == Some(Kind::Closer) {
            out.push(Candidate::replace(Class::UnmatchedBracket, 1.4, site.tokens[at].span.clone(), ""));
        }
    }
    for at in opener + 1..=closer {
        let end = site.tokens[at - 1].span.end;
        let cost = if at == closer && outer { 0.7 } else { 1.0 + place_cost(site, at) };
        out.push(Candidate::insert(Class::UnclosedBracket, cost, end, expected));
    }
}

/// How unlikely a closing bracket is missing right before the token.
fn place_cost(site: &Site<'_>, at: usize) -> f32 {
    let new_line = at >= site.tokens.len()
        || site.line_of(site.tokens[at].span.start) != site.line_of(site.tokens[at - 1].span.start);
    match site.str(at) {
        _ if !site.ends_operand(at - 1) && site.kind(at - 1) != Some(Kind::Opener) => 1.0,
        _ if new_line => 0.0,
        "for" | "if" | ":" => 0.15,
        "," | "=" | "==" | "]" | ")" | "}" => 0.25,
        "." => 0.3,
        _ => 0.4,
    }
}

fn unclosed(site: &Site<'_>, open: &[usize], out: &mut Vec<Candidate>) {
    let innermost = open[open.len() - 1];
    let all: String = open.iter().rev().map(|index| closer_of(site.str(*index))).collect();
    let many = 0.2 * (open.len() - 1) as f32;
    let first_line = site.line_of(site.tokens[open[0]].span.start);
    for line in first_line..site.lines.len() {
        if site.has_code(line) {
            at_line_end(site, line, open, &all, many, out);
        }
    }
    out.push(Candidate::replace(Class::UnclosedBracket, 1.0, site.tokens[innermost].span.clone(), ""));
    if open.len() > 1 {
        out.push(Candidate::replace(Class::UnclosedBracket, 1.1, site.tokens[open[0]].span.clone(), ""));
    }
    for opener in open.iter().rev().take(2) {
        inside(site, *opener, out);
    }
}

fn at_line_end(site: &Site<'_>, line: usize, open: &[usize], all: &str, many: f32, out: &mut Vec<Candidate>) {
    let tokens = site.lines[line].tokens.clone();
    let (last, end) = (tokens.end - 1, site.code_end(line));
    if site.kind(last) == Some(Kind::OpenText) || last < open[open.len() - 1] {
        return;
    }
    let follows = (line + 1..site.lines.len()).find(|next| site.has_code(*next));
    let at_problem = follows.is_none_or(|next| next >= site.line) && line <= site.line;
    let statement = follows.is_none_or(|next| begins_statement(site, next));
    let cost = match (at_problem, statement, follows) {
        (_, _, None) => 0.6,
        (true, true, _) => 0.55,
        (_, true, _) => 0.75,
        (true, false, _) => 0.8,
        _ => 1.2,
    } + many;
    let header = site.str(last) == ":" && HEADERS.contains(&site.first(site.line_of(site.tokens[open[0]].span.start)));
    if header {
        out.push(Candidate::insert(Class::UnclosedBracket, cost - 0.1, site.tokens[last].span.start, all));
    }
    if matches!(site.str(last), "," | ";" | "." | ":" | "+") {
        let span = site.tokens[last].span.clone();
        out.push(Candidate::replace(Class::UnclosedBracket, cost + 0.35, span.clone(), all));
        out.push(Candidate::insert(Class::UnclosedBracket, cost + 0.4, span.start, all));
    }
    out.push(Candidate::insert(Class::UnclosedBracket, cost, end, closers(site, line, open, all)));
    if HEADERS.contains(&site.first(line)) && !header {
        out.push(Candidate::insert(Class::UnclosedBracket, cost + 0.3, end, format!("{all}:")));
    }
}

/// The closers, on a line of their own if the outermost bracket ended its line.
fn closers(site: &Site<'_>, line: usize, open: &[usize], all: &str) -> String {
    let opener = site.line_of(site.tokens[open[0]].span.start);
    let own_line = line > opener && site.lines[opener].tokens.end - 1 == open[0];
    if own_line { format!("{}{}{all}", site.eol(), site.indent(opener)) } else { all.to_owned() }
}

/// Whether the line looks like the beginning of a statement rather than the rest of one.
fn begins_statement(site: &Site<'_>, line: usize) -> bool {
    let first = site.lines[line].tokens.start;
    let assigned = site.kind(first) == Some(Kind::Name) && matches!(site.str(first + 1), "=" | "." | "(" | "[" | "+=");
    let keyword = matches!(
        site.str(first),
        "def"
            | "class"
            | "return"
            | "import"
            | "from"
            | "with"
            | "try"
            | "while"
            | "raise"
            | "del"
            | "pass"
            | "break"
            | "print"
            | "@"
            | "assert"
            | "elif"
            | "except"
            | "finally"
            | "continue"
            | "global"
            | "yield"
    );
    keyword || assigned || matches!(site.str(first), "if" | "for" | "else") && site.last(line) == ":"
}

/// A closer somewhere behind `opener`, before the end of its statement.
fn inside(site: &Site<'_>, opener: usize, out: &mut Vec<Candidate>) {
    let line = site.line_of(site.tokens[opener].span.start);
    let depth = site.tokens[opener].depth + 1;
    for at in opener + 1..site.tokens.len().min(opener + 60) {
        let here = site.line_of(site.tokens[at].span.start);
        if site.tokens[at].depth < depth || here > line + 6 {
            break;
        }
        if site.tokens[at].depth == depth {
            let cost = 0.85 + place_cost(site, at);
            let end = site.tokens[at - 1].span.end;
            out.push(Candidate::insert(Class::UnclosedBracket, cost, end, closer_of(site.str(opener))));
        }
    }
}

/// A closer of one kind where an opener of another is meant, near the problem.
fn swapped(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let near = site.token.saturating_sub(3)..(site.token + 2).min(site.tokens.len());
    for index in near {
        let span = site.tokens[index].span.clone();
        match site.kind(index) {
            Some(Kind::Opener) => out.push(Candidate::replace(Class::StrayToken, 1.25, span, "")),
            Some(Kind::Closer) => out.push(Candidate::replace(Class::StrayToken, 1.2, span, "")),
            _ => {}
        }
    }
    pairs(site, out);
}

/// A pair of brackets around the problem that should be of another kind, or should not be there.
fn pairs(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let mut open = Vec::new();
    for index in 0..site.tokens.len() {
        match site.kind(index) {
            Some(Kind::Opener) => open.push(index),
            Some(Kind::Closer) => {
                let Some(opener) = open.pop() else { return };
                let around = opener <= site.token + 1 && site.token <= index + 2;
                if !around || index - opener > 400 || closer_of(site.str(opener)) != site.str(index) {
                    continue;
                }
                let (a, b) = (site.tokens[opener].span.clone(), site.tokens[index].span.clone());
                for (left, right) in [("[", "]"), ("(", ")"), ("{", "}")] {
                    if left != site.str(opener) {
                        let edits = vec![(a.clone(), left.to_owned()), (b.clone(), right.to_owned())];
                        out.push(Candidate::new(Class::UnmatchedBracket, 1.3, edits));
                    }
                }
                let edits = vec![(a, String::new()), (b, String::new())];
                out.push(Candidate::new(Class::StrayToken, 1.5, edits));
            }
            _ => {}
        }
    }
}
