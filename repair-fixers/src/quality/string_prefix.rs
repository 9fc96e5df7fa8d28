//! Strings whose prefix or backslashes are wrong.

use super::finding::Finding;
use super::realign::{Edit, realigned};
use super::tokens::{Token, Tokens};
use crate::manual::fixer;
use repair_core::{Applicability, Confidence, FixContext, FixGenerator, Fixes, GeneratorMeta, OrSkip, Skip, Span};
use ruff_python_ast::token::TokenKind;

fixer! {
    /// Drops an `f` that does nothing, and makes a string raw whose backslashes mean nothing.
    ///
    /// # What it repairs
    ///
    /// `f-string is missing placeholders` (F541, W1309): the prefix goes.
    /// `invalid escape sequence` (W605, W1401): the string becomes raw if all of its backslashes are invalid escapes;
    /// otherwise those are doubled.
    ///
    /// # Why it is safe
    ///
    /// The value of the string stays the same: today an invalid escape keeps its backslash.
    ///
    /// # Before
    ///
    /// ```python
    /// number = compile("\d+")
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// number = compile(r"\d+")
    /// ```
    pub(crate) struct StringPrefix {
        id: "quality/string-prefix",
        summary: "drop a useless f, and mark or double backslashes that are no escapes",
        handles: [Quality],
        applicability: Safe,
    }
}

impl FixGenerator for StringPrefix {
    fn meta(&self) -> &'static GeneratorMeta {
        Self::META
    }

    fn generate(&self, ctx: &FixContext<'_>, fixes: &mut Fixes<'_>) -> Result<(), Skip> {
        let finding = Finding::of(ctx)?;
        let tokens = Tokens::at(ctx.snapshot, finding.path).or_skip("the file is not text")?;
        let (title, edits) = match finding.code {
            "F541" | "W1309" => ("Drop the `f` of a string without placeholders", without_f(&finding, &tokens)),
            "W605" | "W1401" => ("Keep the backslashes of a string", with_backslashes(&finding, &tokens)),
            _ => return Err(Skip::new("it is not about the prefix or the backslashes of a string")),
        };
        if edits.is_empty() {
            return Err(Skip::new("the line has no such string"));
        }
        let edits = realigned(finding.text, &tokens, edits);
        let fix = fixes.add(Applicability::Safe, title, |changes| _ = changes.replace_all(finding.path, edits))?;
        fix.confidence(Confidence::High);
        Ok(())
    }
}

/// The `f` goes from every part of the line's string, and no brace is left doubled.
fn without_f(finding: &Finding<'_>, tokens: &Tokens) -> Vec<Edit> {
    let line = tokens.within(finding.line);
    let plain = |index: usize| match &line[index..] {
        [start, middle, end, ..] if middle.kind == TokenKind::FStringMiddle => {
            let text = &finding.text[middle.span.range()];
            (end.kind == TokenKind::FStringEnd && !text.contains(['{', '}'])).then_some(*start)
        }
        [start, end, ..] if end.kind == TokenKind::FStringEnd => Some(*start),
        _ => None,
    };
    let starts = (0..line.len()).filter(|index| line[*index].kind == TokenKind::FStringStart).filter_map(plain);
    let prefix = |token: Token| {
        let text = &finding.text[token.span.range()];
        text.find(['f', 'F']).map(|at| (Span::new(token.span.start() + at, token.span.start() + at + 1), String::new()))
    };
    let from = |token: &Token| finding.at.is_none_or(|at| token.span.start() >= at);
    starts.filter(from).filter_map(prefix).take(1).collect()
}

/// The string of the finding as a raw one, or with its invalid escapes doubled.
fn with_backslashes(finding: &Finding<'_>, tokens: &Tokens) -> Vec<Edit> {
    let covers = |token: &&Token| {
        let at = finding.at.unwrap_or(finding.line.start());
        let here = token.span.contains(Span::at(at)) || finding.at.is_none() && finding.line.contains(token.span);
        token.kind == TokenKind::String && here && !invalid_escapes(finding.text, **token).1.is_empty()
    };
    let Some(token) = tokens.all().iter().find(covers) else { return Vec::new() };
    let (valid, invalid) = invalid_escapes(finding.text, *token);
    if valid == 0 {
        return vec![(Span::at(token.span.start()), "r".to_owned())];
    }
    invalid.into_iter().map(|at| (Span::at(at), "\\".to_owned())).collect()
}

/// How many backslashes of the string are escapes, and where those are that are not.
fn invalid_escapes(text: &str, token: Token) -> (usize, Vec<usize>) {
    let string = &text[token.span.range()];
    let prefix = string.find(['"', '\'']).unwrap_or(0);
    if string[..prefix].contains(['r', 'R', 'u', 'U']) {
        return (0, Vec::new());
    }
    let known: &str = if string[..prefix].contains(['b', 'B']) {
        "\r\n\\'\"abfnrtv01234567x"
    } else {
        "\r\n\\'\"abfnrtv01234567xNuU"
    };
    let (mut valid, mut invalid) = (0, Vec::new());
    let mut chars = string.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == '\\' {
            match chars.next() {
                Some((_, escaped)) if !known.contains(escaped) => invalid.push(token.span.start() + at),
                _ => valid += 1,
            }
        }
    }
    (valid, invalid)
}

#[cfg(test)]
mod tests {
    use super::super::finding::flake8;
    use super::*;
    use repair_core::testing::{check_skipped, check_text};

    #[track_caller]
    fn check(code: &str, column: u32, before: &str, after: &str) {
        check_text(&StringPrefix, &format!("#- a.py\n$0{before}\n"), flake8(code, Some(column)), &format!("{after}\n"));
    }

    #[test]
    fn an_f_without_placeholders_goes() {
        check("F541", 5, "x = f'a'", "x = 'a'");
        check("F541", 7, "f(a=1,f'a', b)", "f(a=1,'a', b)");
        check("F541", 1, "rf''", "r''");
    }

    #[test]
    fn backslashes_stay() {
        check("W605", 6, r"x = '\d+'", r"x = r'\d+'");
        check("W605", 6, r"x = '\d\n'", r"x = '\\d\n'");
        check("W605", 7, r"x = b'\d'", r"x = rb'\d'");
    }

    #[test]
    fn other_strings_are_left_alone() {
        check_skipped(&StringPrefix, "#- a.py\n$0x = f'{a}'\n", flake8("F541", Some(5)), "no such string");
        check_skipped(&StringPrefix, "#- a.py\n$0x = f'{{'\n", flake8("F541", Some(5)), "no such string");
        check_skipped(&StringPrefix, "#- a.py\n$0x = '\\n'\n", flake8("W605", Some(6)), "no such string");
        check_skipped(&StringPrefix, "#- a.py\n$0x = 1\n", flake8("E501", Some(1)), "not about the prefix");
    }
}
