//! Expressions that are broken before their operators.

use super::Long;
use super::pieces::trimmed;
use crate::quality::tokens::Token;
use repair_core::Span;
use ruff_python_ast::token::TokenKind;

/// The operators that bind loosest first, as far as an expression is broken at them.
fn looseness(kind: TokenKind) -> Option<u8> {
    Some(match kind {
        TokenKind::Comma => 0,
        TokenKind::If | TokenKind::Else | TokenKind::For => 1,
        TokenKind::Or => 2,
        TokenKind::And => 3,
        TokenKind::EqEqual
        | TokenKind::NotEqual
        | TokenKind::Less
        | TokenKind::Greater
        | TokenKind::LessEqual
        | TokenKind::GreaterEqual
        | TokenKind::In
        | TokenKind::Is => 4,
        TokenKind::Vbar => 5,
        TokenKind::Plus | TokenKind::Minus => 6,
        TokenKind::Star | TokenKind::Slash | TokenKind::DoubleSlash | TokenKind::Percent => 7,
        _ => return None,
    })
}

/// The pieces of the expression, each beginning with its operator or ending in its comma, if it has such outside of
/// brackets.
pub(super) fn operands(long: &Long<'_>, expression: Span) -> Vec<Span> {
    let operators = operators(long, expression);
    let Some(loosest) = operators.iter().map(|(_, looseness)| *looseness).min() else { return vec![expression] };
    let mut starts = vec![expression.start()];
    starts.extend(operators.iter().filter(|(_, looseness)| *looseness == loosest).map(|(at, _)| *at));
    let ends = starts.iter().skip(1).copied().chain([expression.end()]);
    starts.iter().zip(ends).map(|(start, end)| trimmed(long.finding.text, Span::new(*start, end))).collect()
}

/// How many operators stand outside of brackets.
pub(super) fn operator_count(long: &Long<'_>, expression: Span) -> usize {
    operators(long, expression).len()
}

fn operators(long: &Long<'_>, expression: Span) -> Vec<(usize, u8)> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut before: Option<Token> = None;
    for token in long.tokens.within(expression).iter().filter(|token| !token.in_string) {
        if token.is_open() {
            depth += 1;
        } else if token.is_close() {
            depth = depth.saturating_sub(1);
        } else if depth == 0
            && let Some(looseness) = looseness(token.kind)
            && before.is_some_and(|before| !before.kind.is_operator() || before.is_close())
        {
            if token.kind == TokenKind::Comma {
                found.push((token.span.end(), looseness));
                before = Some(*token);
                continue;
            }
            // `not in` is one operator, which begins at `not`.
            let not = before.filter(|before| before.kind == TokenKind::Not && token.kind == TokenKind::In);
            found.push((not.map_or(token.span.start(), |not| not.span.start()), looseness));
        }
        before = Some(*token);
    }
    found
}
