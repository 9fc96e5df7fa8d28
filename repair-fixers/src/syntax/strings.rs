//! Candidates: quotes that are missing, left over, or of the wrong kind.

use super::lex::Kind;
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;

fixer! {
    /// Closes a string, or mends its quotes.
    ///
    /// # What it repairs
    ///
    /// `unterminated string literal`, an apostrophe or a quote inside of a string, two kinds of quotes around one.
    ///
    /// # What may change
    ///
    /// Where the string ends is a guess; what closes the line stays outside.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// print("Hello)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// print("Hello")
    /// ```
    pub(crate) struct UnclosedString {
        id: "syntax/unclosed-string",
        summary: "close or mend the quotes of a string",
        handles: [Syntax],
        applicability: Unsafe,
    }
}

repairs!(UnclosedString, UnclosedString);

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    if let Some(open) = (0..site.tokens.len()).find(|index| site.kind(*index) == Some(Kind::OpenText)) {
        unclosed(site, open, out);
    }
    inner_quotes(site, out);
    bare_words(site, out);
}

fn unclosed(site: &Site<'_>, open: usize, out: &mut Vec<Candidate>) {
    let span = site.tokens[open].span.clone();
    let body = &site.text[span.clone()];
    let prefix = body.find(['"', '\'']).unwrap_or(0);
    let quote = &body[prefix..=prefix];
    if body[prefix..].starts_with(&quote.repeat(3)) {
        let end = span.start + body.trim_end().len();
        out.push(Candidate::insert(Class::UnclosedString, 0.7, end, quote.repeat(3)));
        let three = span.start + prefix..span.start + prefix + 3;
        out.push(Candidate::replace(Class::UnclosedString, 1.1, three, ""));
        return;
    }
    let other = if quote == "'" { "\"" } else { "'" };
    let mark = span.start + prefix..span.start + prefix + 1;
    out.push(Candidate::insert(Class::UnclosedString, 0.75, span.end, quote));
    out.push(Candidate::replace(Class::UnclosedString, 0.95, mark.clone(), ""));
    places(site, open, quote, out);
    if let Some(at) = body[prefix + 1..].find(other) {
        let at = mark.end + at;
        out.push(Candidate::replace(Class::UnclosedString, 0.6, at..at + 1, quote));
        out.push(Candidate::replace(Class::UnclosedString, 0.65, mark.clone(), other));
    }
    word_before(site, open, quote, out);
    apostrophe(site, open, out);
}

/// The quote before what closes the line, or before any comma, bracket or space of the rest.
fn places(site: &Site<'_>, open: usize, quote: &str, out: &mut Vec<Candidate>) {
    let span = site.tokens[open].span.clone();
    let body = &site.text[span.clone()];
    let closing = body.trim_end_matches([')', ']', '}', ':', ',', ';', ' ']);
    if closing.len() < body.len() {
        let depth = site.tokens[open].depth;
        for (at, c) in body.char_indices().filter(|(at, _)| *at >= closing.len()) {
            let closers = body[at..].matches([')', ']', '}']).count();
            let exact = if closers == depth { 0.0 } else { 0.35 };
            if c != ' ' {
                out.push(Candidate::insert(Class::UnclosedString, 0.6 + exact, span.start + at, quote));
            }
        }
    }
    for (at, c) in body.char_indices().skip(1) {
        if at < closing.len() && matches!(c, ',' | ')' | ']' | '}' | ' ' | ':' | '%' | '+' | '.' | '=') {
            let cost = if matches!(c, ',' | ')' | ']' | '}') { 1.0 } else { 1.25 };
            out.push(Candidate::insert(Class::UnclosedString, cost, span.start + at, quote));
        }
    }
}

/// `f(bar", "baz")`: the quote before a word is missing, so that all the others of the line are read inside out.
fn word_before(site: &Site<'_>, open: usize, quote: &str, out: &mut Vec<Candidate>) {
    let first = site.lines[site.line_of(site.tokens[open].span.start)].tokens.start;
    for index in first..=open {
        let token = &site.tokens[index];
        if !matches!(token.kind, Kind::Text | Kind::OpenText) || index == first {
            continue;
        }
        let start = token.span.start;
        let word = &site.tokens[index - 1];
        if matches!(word.kind, Kind::Name | Kind::Number | Kind::Operator) && word.span.end == start {
            out.push(Candidate::insert(Class::UnclosedString, 0.8, word.span.start, quote));
        }
        out.push(Candidate::replace(Class::UnclosedString, 1.15, start..start + 1, ""));
        if token.kind == Kind::Text {
            let end = token.span.end;
            out.push(Candidate::replace(Class::UnclosedString, 1.1, end - 1..end, ""));
            out.push(Candidate::insert(Class::UnclosedString, 1.3, end, quote));
            out.push(Candidate::insert(Class::UnclosedString, 1.3, start, quote));
        }
    }
}

/// `'don't'`: a quote between letters belongs to the text.
fn apostrophe(site: &Site<'_>, open: usize, out: &mut Vec<Candidate>) {
    let line = site.line_of(site.tokens[open].span.start);
    let span = site.lines[line].span.clone();
    let text = &site.text[span.clone()];
    let bytes = text.as_bytes();
    let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
    for at in 1..bytes.len() {
        if bytes[at] == b'\'' && letter(at - 1) && letter(at + 1) && text[..at].contains('\'') {
            out.push(Candidate::insert(Class::UnclosedString, 0.7, span.start + at, "\\"));
        }
    }
}

/// `"a "b" c"`: quotes of the same kind inside.
fn inner_quotes(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let near = site.token.saturating_sub(3)..(site.token + 1).min(site.tokens.len());
    for index in near {
        if site.kind(index) != Some(Kind::Text) {
            continue;
        }
        let next = (index + 1..(index + 8).min(site.tokens.len())).find(|at| site.kind(*at) == Some(Kind::Text));
        let Some(next) = next else { continue };
        let (a, b) = (site.tokens[index].span.clone(), site.tokens[next].span.clone());
        let same_line = site.line_of(a.start) == site.line_of(b.start);
        let glued = site.tokens[index + 1].span.start == a.end || site.tokens[next - 1].span.end == b.start;
        if !same_line || !glued || site.text[a.end - 1..a.end] != site.text[b.start..=b.start] {
            continue;
        }
        let other = if site.text[a.end - 1..a.end] == *"'" { "\"" } else { "'" };
        let edits = vec![(a.end - 1..a.end, other.to_owned()), (b.start..b.start + 1, other.to_owned())];
        out.push(Candidate::new(Class::UnclosedString, 1.0, edits));
        let edits = vec![(a.end - 1..a.end, String::new()), (b.start..b.start + 1, String::new())];
        out.push(Candidate::new(Class::UnclosedString, 1.2, edits));
    }
}

/// Words, or a mixture that is no expression, that should be a string: `['a', Bob Smith]`.
fn bare_words(site: &Site<'_>, out: &mut Vec<Candidate>) {
    if site.tokens.is_empty() {
        return;
    }
    let at = site.token.min(site.tokens.len() - 1);
    let line = site.lines[site.line_of(site.tokens[at].span.start)].tokens.clone();
    let depth = site.tokens[at].depth;
    let ends = |index: usize| {
        site.tokens[index].depth < depth
            || matches!(
                site.str(index),
                "," | "=" | ":" | "(" | "[" | "{" | ")" | "]" | "}" | "return" | "print" | "==" | "in" | "+"
            )
            || matches!(site.kind(index), Some(Kind::Text | Kind::OpenText))
    };
    let start = (line.start..at).rev().find(|index| ends(*index)).map_or(line.start, |index| index + 1);
    let end = (at.max(start)..line.end).find(|index| ends(*index)).unwrap_or(line.end);
    if end <= start || end - start > 12 || start == line.start {
        return;
    }
    let quote = if site.text.matches('\'').count() > site.text.matches('"').count() { "'" } else { "\"" };
    let (open, close) = (site.tokens[start].span.start, site.tokens[end - 1].span.end);
    let words = (start..end)
        .filter(|index| matches!(site.kind(*index), Some(Kind::Name | Kind::Keyword | Kind::Number)))
        .count();
    let cost = if words >= 2 { 1.15 } else { 1.3 };
    out.push(Candidate::new(
        Class::UnclosedString,
        cost,
        vec![(open..open, quote.to_owned()), (close..close, quote.to_owned())],
    ));
}
