//! The tokens of a file, with what lies between them.

use repair_core::{RepoPath, Snapshot, Span};
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use std::sync::Arc;

/// A token with its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
    /// Whether it belongs to an f-string or t-string.
    pub(super) in_string: bool,
}

impl Token {
    pub(super) fn is_open(self) -> bool {
        matches!(self.kind, TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace)
    }

    pub(super) fn is_close(self) -> bool {
        matches!(self.kind, TokenKind::Rpar | TokenKind::Rsqb | TokenKind::Rbrace)
    }
}

/// The tokens of a file, without those that have no text of their own.
#[derive(Debug)]
pub(super) struct Tokens(Vec<Token>);

impl Tokens {
    /// The tokens of the text file at `path`.
    pub(super) fn at(snapshot: &Snapshot, path: &RepoPath) -> Option<Arc<Self>> {
        snapshot.file(path).ok()?.derived(Self::of)
    }

    /// The tokens of `text`.
    pub(super) fn of(text: &str) -> Self {
        let parsed = parse_unchecked(text, ParseOptions::from(Mode::Module));
        let mut depth = 0usize;
        let mut all = Vec::new();
        for token in parsed.tokens() {
            let (kind, range) = token.as_tuple();
            let inside = depth > 0;
            match kind {
                TokenKind::FStringStart | TokenKind::TStringStart => depth += 1,
                TokenKind::FStringEnd | TokenKind::TStringEnd => depth = depth.saturating_sub(1),
                TokenKind::Newline
                | TokenKind::NonLogicalNewline
                | TokenKind::Indent
                | TokenKind::Dedent
                | TokenKind::EndOfFile => continue,
                _ => {}
            }
            let span = Span::new(range.start().to_usize(), range.end().to_usize());
            all.push(Token { kind, span, in_string: inside || depth > 0 });
        }
        Self(all)
    }

    /// Every token.
    pub(super) fn all(&self) -> &[Token] {
        &self.0
    }

    /// The tokens that begin within `span`.
    pub(super) fn within(&self, span: Span) -> &[Token] {
        let first = self.0.partition_point(|token| token.span.start() < span.start());
        let end = self.0.partition_point(|token| token.span.start() < span.end());
        &self.0[first..end.max(first)]
    }

    /// Whether `offset` lies strictly inside of a string or comment.
    pub(super) fn is_inside_text(&self, offset: usize) -> bool {
        let before = self.0.partition_point(|token| token.span.start() < offset);
        let Some(token) = before.checked_sub(1).and_then(|index| self.0.get(index)) else { return false };
        let next = self.0.get(before);
        let text = matches!(token.kind, TokenKind::String | TokenKind::Comment);
        text && offset < token.span.end()
            || token.in_string
                && (offset < token.span.end() || next.is_some_and(|next| next.in_string))
                && !matches!(token.kind, TokenKind::FStringEnd | TokenKind::TStringEnd)
    }

    /// The brackets that are open at `offset`, the innermost last.
    pub(super) fn open_at(&self, offset: usize) -> Vec<Token> {
        let mut open = Vec::new();
        for token in self.0.iter().take_while(|token| token.span.start() < offset).filter(|token| !token.in_string) {
            if token.is_open() {
                open.push(*token);
            } else if token.is_close() {
                open.pop();
            }
        }
        open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_know_their_strings_and_brackets() {
        let text = "f(a, [b, 'c (', f'{d} x']\n  )  # (\n";
        let tokens = Tokens::of(text);
        let open = |needle: &str| tokens.open_at(text.find(needle).unwrap()).len();
        assert_eq!((open("a,"), open("b"), open(")  #"), open("# (")), (1, 2, 1, 0));
        let inside = |needle: &str| tokens.is_inside_text(text.find(needle).unwrap());
        assert!(inside("c (") && inside(" x'") && inside("(\n") && inside("d}"));
        assert!(!inside("a,") && !inside("]\n") && !inside("  )"));
    }
}
