//! The brackets of a line, and what stands between their commas.

use super::Long;
use crate::quality::tokens::Token;
use repair_core::Span;
use ruff_python_ast::token::TokenKind;

/// A pair of brackets.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) open: Token,
    pub(super) close: Token,
    /// How many brackets of the line are open around it.
    pub(super) depth: usize,
    /// What stands between the commas, without white space around it and without a last empty item.
    pub(super) items: Vec<Span>,
    /// Whether it is a call, a subscript or a definition's parameters, not a bracket of its own.
    pub(super) is_trailer: bool,
}

/// The pairs that open on the line and have something in them: the outermost first, of those the last first.
pub(super) fn pairs(long: &Long<'_>) -> Vec<Pair> {
    let all = long.tokens.all();
    let first = all.partition_point(|token| token.span.start() < long.finding.line.start());
    let mut depth = 0;
    let mut pairs = Vec::new();
    for (index, token) in all.iter().enumerate().skip(first) {
        if token.span.start() >= long.finding.line.end() {
            break;
        }
        if token.in_string {
            continue;
        }
        if token.is_open() {
            pairs.extend(pair(long, index, depth));
            depth += 1;
        } else if token.is_close() {
            depth = depth.saturating_sub(1);
        }
    }
    pairs.retain(|pair| !pair.items.is_empty());
    pairs.sort_by_key(|pair| (pair.depth, std::cmp::Reverse(pair.open.span.start())));
    pairs
}

fn pair(long: &Long<'_>, index: usize, depth: usize) -> Option<Pair> {
    let all = long.tokens.all();
    let open = *all.get(index)?;
    let mut level = 0usize;
    let mut commas = Vec::new();
    let mut close = None;
    for token in all[index + 1..].iter().filter(|token| !token.in_string) {
        if token.kind == TokenKind::Comment {
            return None;
        }
        if token.is_close() && level == 0 {
            close = Some(*token);
            break;
        }
        if token.kind == TokenKind::Comma && level == 0 {
            commas.push(token.span);
        }
        level = if token.is_open() { level + 1 } else { level.saturating_sub(usize::from(token.is_close())) };
    }
    let close = close?;
    let text = long.finding.text;
    let starts = std::iter::once(open.span.end()).chain(commas.iter().map(|comma| comma.end()));
    let ends = commas.iter().map(|comma| comma.start()).chain([close.span.start()]);
    let items = starts.zip(ends).map(|(start, end)| trimmed(text, Span::new(start, end)));
    let before =
        index.checked_sub(1).and_then(|before| all.get(before)).filter(|before| before.span.end() == open.span.start());
    let is_trailer = before.is_some_and(|before| before.is_close() || before.kind == TokenKind::Name);
    Some(Pair { open, close, depth, items: items.filter(|item| !item.is_empty()).collect(), is_trailer })
}

/// `span` without the white space around its text.
pub(super) fn trimmed(text: &str, span: Span) -> Span {
    let inner = &text[span.range()];
    let start = span.start() + (inner.len() - inner.trim_start().len());
    Span::new(start, start + inner.trim().len())
}
