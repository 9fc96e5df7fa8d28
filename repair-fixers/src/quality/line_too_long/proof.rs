//! Whether a way to break a line keeps what the file means.

use super::super::tokens::{Token, Tokens};
use super::{Long, Shape};
use crate::python::removal::applied;
use repair_core::Applicability;
use ruff_python_ast::comparable::ComparableMod;
use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};

/// What may differ afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sameness {
    /// Nothing that Python sees.
    Tree,
    /// The white space of one docstring.
    Docstring,
}

/// How many lines come and go, and how sure it is; `None` if a line is still too long or the meaning changes.
pub(super) fn prove(long: &Long<'_>, shape: &Shape) -> Option<(usize, Applicability)> {
    let before = long.finding.text;
    let after = applied(before, &shape.edits)?;
    let lines = changed_lines(before, &after);
    if !lines.iter().all(|line| long.fits(line)) {
        return None;
    }
    let options = || ParseOptions::from(Mode::Module);
    let (old, new) = (parse_unchecked(before, options()), parse_unchecked(&after, options()));
    let same = ComparableMod::from(old.syntax()) == ComparableMod::from(new.syntax());
    if !new.errors().is_empty() || !same && shape.allows == Sameness::Tree {
        return None;
    }
    let level = match shape.allows {
        Sameness::Tree if same_tokens(before, &after) => Applicability::Safe,
        _ => Applicability::Unsafe,
    };
    Some((lines.len(), level))
}

/// The lines of `after` that are not at the same place, from the top or from the bottom, in `before`.
fn changed_lines<'t>(before: &str, after: &'t str) -> Vec<&'t str> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let top = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - top;
    let bottom = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count().min(most);
    new[top..new.len() - bottom].to_vec()
}

/// Whether both have the same tokens, apart from parentheses, trailing commas, and comments, which only may be wrapped.
fn same_tokens(before: &str, after: &str) -> bool {
    let (old, new) = (Tokens::of(before), Tokens::of(after));
    essence(before, &old) == essence(after, &new) && words(before, &old) == words(after, &new)
}

fn essence<'t>(text: &'t str, tokens: &Tokens) -> Vec<&'t str> {
    let all: Vec<&Token> = tokens.all().iter().filter(|token| token.kind != TokenKind::Comment).collect();
    let is_trailing = |index: usize| all.get(index + 1).is_some_and(|next| next.is_close());
    let counts = |index: usize, token: &Token| match token.kind {
        TokenKind::Lpar | TokenKind::Rpar => false,
        TokenKind::Comma => !is_trailing(index),
        _ => true,
    };
    let kept = all.iter().enumerate().filter(|(index, token)| counts(*index, token));
    kept.map(|(_, token)| &text[token.span.range()]).collect()
}

/// The words of all comments, in order of the alphabet, since a comment may move above its line.
fn words<'t>(text: &'t str, tokens: &Tokens) -> Vec<&'t str> {
    let comments = tokens.all().iter().filter(|token| token.kind == TokenKind::Comment);
    let mut words: Vec<&str> =
        comments.flat_map(|token| text[token.span.range()].trim_start_matches(['#', ':']).split_whitespace()).collect();
    words.sort_unstable();
    words
}
