//! Code that is too long.

use super::chain::{operands, operator_count};
use super::pieces::{Pair, pairs, trimmed};
use super::{Long, Sameness, Shape};
use crate::python::insert::line_end;
use crate::quality::realign::{Edit, indent_of, is_visual};
use crate::quality::tokens::Token;
use repair_core::Span;
use ruff_python_ast::token::TokenKind;

/// The ways to break the code of the line, in the order in which black prefers them.
pub(super) fn shapes(long: &Long<'_>) -> Vec<Shape> {
    let text = long.finding.text;
    if long.tokens.is_inside_text(long.finding.line.start())
        || long.line().ends_with('\\')
        || long.line().contains('\t')
    {
        return Vec::new();
    }
    let brackets: Vec<Shape> = pairs(long).iter().flat_map(|pair| bracket_shapes(long, pair)).collect();
    let value = value(long);
    let wraps: Vec<Shape> = value.into_iter().flat_map(|value| wrapped_value(long, value)).collect();
    let ends_in_bracket = value.is_some_and(|value| text[..value.end()].ends_with([')', ']', '}']));
    let is_chain = value.is_some_and(|value| operator_count(long, value) > 1);
    let mut shapes = if is_chain || !ends_in_bracket { [wraps, brackets].concat() } else { [brackets, wraps].concat() };
    shapes.extend(bare_import(long));
    let inner = inner_chain(long);
    shapes.splice(0..0, inner);
    if !long.black {
        shapes.splice(0..0, separator(long));
    }
    shapes.extend(split_string(long));
    shapes
}

fn shape(title: &'static str, edits: Vec<Edit>) -> Shape {
    Shape { title, edits, cost: 0, allows: Sameness::Tree }
}

/// Breaks behind the opening bracket: all items on one line, or one on each.
fn bracket_shapes(long: &Long<'_>, pair: &Pair) -> Vec<Shape> {
    let text = long.finding.text;
    let indent = indent_of(text, long.finding.line.start());
    let (eol, inner) = (line_end(text), format!("{indent}    "));
    let content = Span::new(pair.open.span.end(), pair.close.span.start());
    if pair.items.iter().any(|item| text[item.range()].contains('\n')) {
        return Vec::new();
    }
    let behind = text[pair.close.span.end()..long.finding.line.end().max(pair.close.span.end())].trim_end();
    let is_last = behind.chars().all(|c| matches!(c, ')' | ']' | '}' | ',' | ':'));
    let cost = 2 * pair.depth + if is_last { 0 } else { 2 };
    let hanging = |lines: String| {
        let edits = vec![(content, format!("{eol}{lines}{indent}"))];
        Shape { cost, ..shape("Break behind the bracket", edits) }
    };
    let whole = trimmed(text, content);
    let has_comma = text[whole.range()].ends_with(',');
    let one_each = |comma: &str| {
        let lines: Vec<String> = pair.items.iter().map(|item| format!("{inner}{}", &text[item.range()])).collect();
        hanging(lines.join(&format!(",{eol}")) + comma + eol)
    };
    let is_import = long.line().trim_start().starts_with("from ") && pair.depth == 0;
    let is_display = !pair.is_trailer && (pair.items.len() > 1 || has_comma);
    let mut shapes = Vec::new();
    if !text[whole.range()].contains('\n') && !has_comma && !(long.black && (is_display || is_import)) {
        let is_definition = ["def ", "async def "].iter().any(|word| long.line().trim_start().starts_with(word));
        let comma = if long.black && is_definition && pair.depth == 0 && pair.items.len() == 1 { "," } else { "" };
        shapes.push(hanging(format!("{inner}{}{comma}{eol}", &text[whole.range()])));
    }
    if pair.items.len() > 1 || has_comma || is_import {
        shapes.push(one_each(","));
        shapes.push(one_each(""));
    }
    let pieces = if pair.items.len() == 1 { operands(long, pair.items[0]) } else { Vec::new() };
    if pieces.len() > 1 {
        shapes.push(hanging(pieces.iter().map(|piece| format!("{inner}{}{eol}", &text[piece.range()])).collect()));
    }
    shapes
}

/// Parentheses around the names of an import that has none.
fn bare_import(long: &Long<'_>) -> Vec<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let tokens = long.tokens.within(line);
    let from = tokens.first().is_some_and(|first| first.kind == TokenKind::From);
    let import = tokens.iter().find(|token| token.kind == TokenKind::Import).filter(|_| from);
    let Some(import) = import.filter(|_| tokens.iter().all(|token| !token.is_open())) else { return Vec::new() };
    let names = trimmed(text, Span::new(import.span.end(), line.end()));
    let (indent, eol) = (indent_of(text, line.start()), line_end(text));
    let around =
        |lines: String| shape("Put the names in parentheses", vec![(names, format!("({eol}{lines}{indent})"))]);
    let each = text[names.range()].split(',').map(|name| format!("{indent}    {},{eol}", name.trim())).collect();
    let mut shapes = vec![around(each)];
    if !long.black {
        shapes.push(around(format!("{indent}    {}{eol}", &text[names.range()])));
    }
    shapes
}

/// The value that the line's statement assigns, returns or tests, if it ends on this line.
fn value(long: &Long<'_>) -> Option<Span> {
    let line = long.finding.line;
    if !long.tokens.open_at(line.start()).is_empty() || !long.tokens.open_at(line.end()).is_empty() {
        return None;
    }
    let tokens = long.tokens.within(line);
    let outside = outermost(tokens);
    let first = tokens.first()?;
    let start = match first.kind {
        TokenKind::Return | TokenKind::If | TokenKind::Elif | TokenKind::While | TokenKind::Assert => first.span.end(),
        TokenKind::For => outside.iter().find(|token| token.kind == TokenKind::In)?.span.end(),
        _ => outside.iter().rfind(|token| is_assignment(token.kind))?.span.end(),
    };
    let block = matches!(first.kind, TokenKind::If | TokenKind::Elif | TokenKind::While | TokenKind::For);
    let end = if block { tokens.last().filter(|last| last.kind == TokenKind::Colon)?.span.start() } else { line.end() };
    Some(trimmed(long.finding.text, Span::new(start, end))).filter(|value| !value.is_empty())
}

fn is_assignment(kind: TokenKind) -> bool {
    kind == TokenKind::Equal || kind.as_augmented_assign_operator().is_some()
}

fn outermost(tokens: &[Token]) -> Vec<Token> {
    let mut depth = 0usize;
    let mut found = Vec::new();
    for token in tokens.iter().filter(|token| !token.in_string) {
        if token.is_open() {
            depth += 1;
        } else if token.is_close() {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            found.push(*token);
        }
    }
    found
}

/// Parentheses around the value, which gets a line of its own, or one for each operand.
fn wrapped_value(long: &Long<'_>, value: Span) -> Vec<Shape> {
    let text = long.finding.text;
    let (indent, eol) = (indent_of(text, long.finding.line.start()), line_end(text));
    let around = |lines: &[String]| {
        let body: String = lines.iter().map(|line| format!("{indent}    {line}{eol}")).collect();
        shape("Put the value in parentheses", vec![(value, format!("({eol}{body}{indent})"))])
    };
    let pieces: Vec<String> = operands(long, value).iter().map(|piece| text[piece.range()].to_owned()).collect();
    let mut shapes = vec![around(&[text[value.range()].to_owned()])];
    if pieces.len() > 1 {
        shapes.push(around(&pieces));
    }
    if let [only] = long.tokens.within(value)
        && let Some(parts) = parts(long, *only, indent.len() + 4, 0)
    {
        shapes.push(around(&parts));
    }
    shapes
}

/// Breaks behind the last comma, or before the last operator, that fits, and aligns the rest with what it belongs to.
fn separator(long: &Long<'_>) -> Vec<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let indent = indent_of(text, line.start());
    let mut best: Option<(usize, Edit)> = None;
    for pair in long.tokens.within(line).windows(2) {
        let [token, next] = pair else { continue };
        let comma = token.kind == TokenKind::Comma;
        let operator = matches!(next.kind, TokenKind::And | TokenKind::Or);
        let open = long.tokens.open_at(next.span.start());
        let (true, Some(bracket)) = (comma || operator, open.last()) else { continue };
        if !long.fits(&text[line.start()..token.span.end()]) || next.in_string || token.in_string || next.is_close() {
            continue;
        }
        let column = if bracket.span.start() < line.start() {
            indent.chars().count()
        } else if is_visual(text, long.tokens, *bracket) {
            text[line.start()..bracket.span.end()].chars().count()
        } else {
            continue;
        };
        let edit =
            (Span::new(token.span.end(), next.span.start()), format!("{}{}", line_end(text), " ".repeat(column)));
        if best.as_ref().is_none_or(|(depth, _)| open.len() <= *depth) {
            best = Some((open.len(), edit));
        }
    }
    let edits = best.map(|(_, edit)| super::super::realign::realigned(text, long.tokens, vec![edit]));
    edits.into_iter().map(|edits| shape("Break between two items", edits)).collect()
}

/// Gives every item, or every operand, a line of its own where the line is within a bracket.
fn inner_chain(long: &Long<'_>) -> Option<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let inside = long.tokens.open_at(line.start());
    if inside.is_empty() || inside.len() != long.tokens.open_at(line.end()).len() {
        return None;
    }
    let indent = indent_of(text, line.start());
    let end = line.start() + text[line.range()].trim_end().trim_end_matches(',').len();
    let pieces = operands(long, Span::new(line.start() + indent.len(), end));
    let gaps = pieces.windows(2).map(|pair| Span::new(pair[0].end(), pair[1].start()));
    let mut edits: Vec<Edit> = gaps.map(|gap| (gap, format!("{}{indent}", line_end(text)))).collect();
    let next = text[line.end()..].trim_start();
    let by_commas = pieces.first().is_some_and(|piece| text[piece.range()].ends_with(','));
    if by_commas && end == line.end() && next.starts_with([')', ']', '}']) {
        edits.push((Span::at(end), ",".to_owned()));
    }
    (edits.len() > usize::from(by_commas)).then(|| shape("Give every part a line", edits))
}

/// Splits the first string of the line that is within brackets and reaches too far.
fn split_string(long: &Long<'_>) -> Option<Shape> {
    let (text, line) = (long.finding.text, long.finding.line);
    let column = |offset: usize| text[line.start()..offset].chars().count();
    let too_far = |token: &&Token| {
        let plain = token.kind == TokenKind::String && !token.in_string && token.span.end() <= line.end();
        plain && column(token.span.end()) + 1 > long.limit && !long.tokens.open_at(token.span.start()).is_empty()
    };
    let token = *long.tokens.within(line).iter().find(too_far)?;
    let behind = text[token.span.end()..line.end()].trim_end().chars().count();
    let start = column(token.span.start());
    let lines = parts(long, token, start, behind)?;
    let edits = vec![(token.span, lines.join(&format!("{}{}", line_end(text), " ".repeat(start))))];
    Some(shape("Split the string", edits))
}

/// The string as several, split behind spaces so that each fits on a line from `column` on, the last one with `behind`
/// characters behind it.
fn parts(long: &Long<'_>, token: Token, column: usize, behind: usize) -> Option<Vec<String>> {
    let text = &long.finding.text[token.span.range()];
    let quote_at = text.find(['"', '\''])?;
    let (prefix, quoted) = text.split_at(quote_at);
    let quote = quoted.get(..1).filter(|quote| !quoted.starts_with(&quote.repeat(3)))?;
    let mut rest = quoted.get(1..quoted.len().checked_sub(1)?)?;
    let room = long.limit.checked_sub(column + prefix.len() + 2).filter(|room| *room > 0)?;
    let mut parts = Vec::new();
    while rest.chars().count() + behind > room {
        let end = rest.char_indices().nth(room).map_or(rest.len(), |(at, _)| at);
        let space =
            rest[..end].rfind(' ').filter(|at| !rest[..*at].trim().is_empty() && !rest[..*at].ends_with('\\'))?;
        if space + 1 == rest.len() {
            return None;
        }
        parts.push(format!("{prefix}{quote}{}{quote}", &rest[..=space]));
        rest = &rest[space + 1..];
    }
    parts.push(format!("{prefix}{quote}{rest}{quote}"));
    (parts.len() > 1).then_some(parts)
}
