//! The words of an expression.

use super::Worth;

/// A word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// A value that is written out.
    Literal(Worth),
    /// A name, with its properties: `matrix.python`.
    Name(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

impl Token {
    /// Whether it is a property of what stands before it: `.ports`.
    pub(super) fn is_property(&self) -> bool {
        matches!(self, Self::Name(name) if name.starts_with('.'))
    }
}

const SIGNS: [&str; 10] = ["||", "&&", "==", "!=", "!", "(", ")", "[", "]", ","];

/// The words of the text; `None` if it has something that is none.
pub(super) fn tokens(text: &str) -> Option<Vec<Token>> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while !rest.is_empty() {
        let (token, length) = next(rest)?;
        tokens.push(token);
        rest = rest[length..].trim_start();
    }
    Some(tokens)
}

fn next(rest: &str) -> Option<(Token, usize)> {
    if let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
        return Some((Token::Sign(sign), sign.len()));
    }
    if rest.starts_with('\'') {
        return quoted(rest);
    }
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '+');
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    let word = rest.get(..length).filter(|word| !word.is_empty())?;
    let token = match word {
        "true" | "false" => Token::Literal(Worth::Bool(word == "true")),
        "null" => Token::Literal(Worth::Null),
        _ => match word.parse() {
            Ok(number) => Token::Literal(Worth::Number(number)),
            Err(_) => Token::Name(word.to_owned()),
        },
    };
    Some((token, length))
}

/// A text in quotes, in which two quotes are one.
fn quoted(rest: &str) -> Option<(Token, usize)> {
    let (mut text, mut at) = (String::new(), 1);
    loop {
        let end = at + rest.get(at..)?.find('\'')?;
        text.push_str(&rest[at..end]);
        if !rest[end + 1..].starts_with('\'') {
            return Some((Token::Literal(Worth::Text(text)), end + 1));
        }
        text.push('\'');
        at = end + 2;
    }
}
