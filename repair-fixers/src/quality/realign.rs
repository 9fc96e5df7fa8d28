//! Lines that follow the bracket they are aligned with.

use super::tokens::{Token, Tokens};
use crate::python::insert::line_start;
use repair_core::Span;
use std::collections::BTreeMap;

/// An edit of a text.
pub(super) type Edit = (Span, String);

/// `edits`, and those which move the continuation lines along that were aligned with a bracket which `edits` move.
pub(super) fn realigned(text: &str, tokens: &Tokens, edits: Vec<Edit>) -> Vec<Edit> {
    let starts = edits.iter().map(|(span, _)| span.start());
    let (Some(first), Some(last)) = (starts.clone().min(), starts.max()) else { return edits };
    let mut shifts: BTreeMap<usize, isize> = BTreeMap::new();
    let mut out = edits;
    let mut at = first;
    while let Some(end) = text[at..].find('\n') {
        at += end + 1;
        let bracket = tokens.open_at(at).pop();
        if bracket.is_none() && at > last {
            break;
        }
        let is_edited = out.iter().any(|(span, _)| span.start() == at);
        let Some(bracket) = bracket.filter(|_| !is_edited && !tokens.is_inside_text(at)) else { continue };
        let shift = shift_of(text, tokens, bracket, &out, &shifts);
        if shift != 0 {
            out.extend(indented_by(text, at, shift));
            shifts.insert(at, shift);
        }
    }
    out
}

/// How far the lines move that follow `bracket`.
fn shift_of(text: &str, tokens: &Tokens, bracket: Token, edits: &[Edit], shifts: &BTreeMap<usize, isize>) -> isize {
    let start = line_start(text, bracket.span.start());
    let own = shifts.get(&start).copied().unwrap_or_default();
    if !is_visual(text, tokens, bracket) {
        return own + indent_change(text, start, edits) * isize::from(own == 0);
    }
    let before = Span::new(start, bracket.span.end());
    let moved: isize =
        edits.iter().filter(|(span, _)| before.contains(*span)).map(|(span, new)| growth(text, *span, new)).sum();
    if own != 0 && moved == 0 { own } else { moved }
}

/// Whether something stands behind the bracket on its line.
pub(super) fn is_visual(text: &str, tokens: &Tokens, bracket: Token) -> bool {
    let rest = Span::new(bracket.span.end(), bracket.span.end() + text[bracket.span.end()..].find('\n').unwrap_or(0));
    tokens.within(rest).first().is_some_and(|token| token.kind != ruff_python_ast::token::TokenKind::Comment)
}

fn indent_change(text: &str, start: usize, edits: &[Edit]) -> isize {
    let indent = Span::new(start, start + indent_of(text, start).len());
    edits.iter().filter(|(span, _)| indent.contains(*span)).map(|(span, new)| growth(text, *span, new)).sum()
}

fn growth(text: &str, span: Span, new: &str) -> isize {
    let count = |text: &str| isize::try_from(text.chars().count()).unwrap_or_default();
    count(new) - count(&text[span.range()])
}

/// The white space that the line at `start` begins with.
pub(super) fn indent_of(text: &str, start: usize) -> &str {
    let rest = &text[start..];
    &rest[..rest.len() - rest.trim_start_matches([' ', '\t']).len()]
}

fn indented_by(text: &str, start: usize, shift: isize) -> Option<Edit> {
    let indent = indent_of(text, start);
    let blank = text[start + indent.len()..].starts_with(['\n', '\r']);
    let width = isize::try_from(indent.len()).ok()? + shift;
    let wanted = usize::try_from(width).ok().filter(|_| !blank && !indent.contains('\t'))?;
    Some((Span::new(start, start + indent.len()), " ".repeat(wanted)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, gone: &str, after: &str) {
        let start = before.find(gone).unwrap();
        let edit = (Span::new(start, start + gone.len()), String::new());
        let mut edits = realigned(before, &Tokens::of(before), vec![edit]);
        edits.sort();
        let mut text = before.to_owned();
        for (span, new) in edits.into_iter().rev() {
            text.replace_range(span.range(), &new);
        }
        assert_eq!(text, after);
    }

    #[test]
    fn aligned_lines_move_with_their_bracket() {
        check("x = f(a,\n      b(c,\n        d))\ne\n", "x = ", "f(a,\n  b(c,\n    d))\ne\n");
        check("x = f(a, g(\n    b), [c,\n         d])\n", "x = ", "f(a, g(\n    b), [c,\n         d])\n");
    }

    #[test]
    fn hanging_lines_and_strings_stay() {
        check("x = f(\n    a,\n)\n", "x = ", "f(\n    a,\n)\n");
        check("x = f('''a\n    b''',\n      c)\n", "x = ", "f('''a\n    b''',\n  c)\n");
    }
}
