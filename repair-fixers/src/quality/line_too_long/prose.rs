//! Comments and docstrings that are too long.

use super::{Long, Sameness, Shape};
use crate::python::insert::{line_end, line_start};
use crate::quality::realign::indent_of;
use repair_core::Span;
use ruff_python_ast::token::TokenKind;

/// The ways to shorten the line's comment or docstring; none if it has neither, or code beside it is too long itself.
pub(super) fn shapes(long: &Long<'_>) -> Vec<Shape> {
    let line = long.finding.line;
    let comment = long.tokens.within(line).iter().find(|token| token.kind == TokenKind::Comment);
    let shape = match comment {
        Some(comment) if long.finding.text[line.start()..comment.span.start()].trim().is_empty() => {
            wrapped_comment(long, comment.span)
        }
        Some(comment) => moved_comment(long, comment.span),
        None => wrapped_docstring(long),
    };
    shape.into_iter().collect()
}

/// Words in comments that tools read, where they stand.
const ORDERS: [&str; 13] = [
    "noqa", "type:", "pylint:", "pragma", "fmt:", "nosec", "isort:", "mypy:", "pyright:", "ruff:", "#!", "coding:",
    "yapf:",
];

/// Whether the line has a comment that means the tools' treatment of this very line.
pub(super) fn gives_orders(long: &Long<'_>) -> bool {
    let comment = long.tokens.within(long.finding.line).iter().find(|token| token.kind == TokenKind::Comment);
    comment.is_some_and(|comment| is_order(&long.finding.text[comment.span.range()]))
}

fn is_order(comment: &str) -> bool {
    ORDERS.iter().any(|order| comment.contains(order))
}

fn wrapped_comment(long: &Long<'_>, span: Span) -> Option<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let comment = &text[span.range()];
    let lines = wrap(long, &text[line.start()..span.start()], comment)?;
    let edits = vec![(Span::new(line.start(), span.end()), lines.join(line_end(text)))];
    Some(Shape { title: "Wrap the comment", edits, cost: 0, allows: Sameness::Tree })
}

/// The comment on lines that begin with `indent`.
fn wrap(long: &Long<'_>, indent: &str, comment: &str) -> Option<Vec<String>> {
    let mark = comment.len() - comment.trim_start_matches(['#', ':']).len();
    let body = comment[mark..].trim_start();
    let first = format!("{indent}{}", &comment[..comment.len() - body.len()]);
    let next = format!("{first}{}", " ".repeat(bullet(body)));
    broken(long, &first, &next, body.trim_end())
}

/// `words` on lines that fit, the first of which begins with `first` and the others with `next`.
fn broken(long: &Long<'_>, first: &str, next: &str, words: &str) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut rest = words;
    let mut start = first;
    while !long.fits(&format!("{start}{rest}")) {
        let room = long.limit.checked_sub(start.chars().count())?;
        let end = rest.char_indices().nth(room + 1).map_or(rest.len(), |(at, _)| at);
        let space = rest[..end].trim_end_matches(|c| c != ' ').trim_end().len();
        let (head, tail) = (rest.get(..space).filter(|head| !head.is_empty())?, rest[space..].trim_start());
        lines.push(format!("{start}{head}"));
        rest = tail;
        start = next;
    }
    lines.push(format!("{start}{rest}"));
    Some(lines)
}

/// How far the text behind a bullet or a field name is indented.
fn bullet(text: &str) -> usize {
    if text.starts_with("- ") || text.starts_with("* ") {
        2
    } else if text.starts_with(':') {
        4
    } else {
        0
    }
}

fn moved_comment(long: &Long<'_>, span: Span) -> Option<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let code = text[line.start()..span.start()].trim_end();
    let after_backslash = text[..line.start()].trim_end_matches(['\n', '\r']).ends_with('\\');
    let comment = &text[span.range()];
    let in_text = long.tokens.is_inside_text(line.start());
    if !long.fits(code) || after_backslash || in_text {
        return None;
    }
    let indent = indent_of(text, line.start());
    let eol = line_end(text);
    let lines = wrap(long, indent, comment)?;
    let above = (Span::at(line.start()), lines.join(eol) + eol);
    let gone = (Span::new(line.start() + code.len(), line.end()), String::new());
    Some(Shape { title: "Move the comment above its code", edits: vec![above, gone], cost: 0, allows: Sameness::Tree })
}

fn wrapped_docstring(long: &Long<'_>) -> Option<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let indent = indent_of(text, line.start());
    let start = line.start() + indent.len();
    let node = long.module.root().descendant_for_byte_range(start, line.end())?;
    let string = std::iter::successors(Some(node), |node| node.parent()).find(|node| node.kind() == "string")?;
    let quoted = long.module.text_of(string).trim_start_matches(['r', 'R', 'u', 'U']);
    let is_docstring = string.parent()?.kind() == "expression_statement"
        && (quoted.starts_with("\"\"\"") || quoted.starts_with("'''"))
        && line_start(text, string.start_byte()) <= line.start();
    let content = text[start..line.end()].trim_end();
    let is_markup = [">>>", "... ", "..", "|", "+-", "$ "].iter().any(|mark| content.starts_with(mark));
    if !is_docstring || is_markup || string.end_byte() < line.start() + content.len() {
        return None;
    }
    let next = format!("{indent}{}", " ".repeat(bullet(content)));
    let lines = broken(long, indent, &next, content)?;
    let edits = vec![(Span::new(line.start(), line.end()), lines.join(line_end(text)))];
    Some(Shape { title: "Wrap the docstring", edits, cost: 0, allows: Sameness::Docstring })
}
