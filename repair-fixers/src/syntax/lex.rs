//! Tokens of text that need not be Python.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Keyword,
    Number,
    /// A string that ends.
    Text,
    /// A string that does not end; it reaches to the end of its line, or of the file if it has three quotes.
    OpenText,
    Opener,
    Closer,
    Operator,
    Comment,
    /// A character that Python does not know.
    Unknown,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Range<usize>,
    /// How many brackets are open before it.
    pub(super) depth: usize,
}

/// The keywords of Python 3.
pub(super) const KEYWORDS: [&str; 35] = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

const OPERATORS: [&str; 24] = [
    "**=", "//=", ">>=", "<<=", "...", "!=", "->", ":=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "@=", "==",
    "<=", ">=", "**", "//", "<<", ">>",
];

/// Cuts `text` into tokens; white space and line ends are between them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let (mut at, mut depth) = (0, 0usize);
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() || first == '\\' && text[at + 1..].starts_with(['\n', '\r']) || first == '\u{feff}' {
            at += first.len_utf8();
            continue;
        }
        let (kind, len) = token(&text[at..], first);
        tokens.push(Token { kind, span: at..at + len, depth });
        match kind {
            Kind::Opener => depth += 1,
            Kind::Closer => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += len;
    }
    tokens
}

fn token(rest: &str, first: char) -> (Kind, usize) {
    if first == '#' {
        return (Kind::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len()));
    }
    if first.is_ascii_digit() || first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit()) {
        return (Kind::Number, number(rest));
    }
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    if rest[word..].starts_with(['"', '\'']) && is_prefix(&rest[..word]) {
        let (ended, len) = string(&rest[word..], rest[..word].to_ascii_lowercase().contains('r'));
        return (if ended { Kind::Text } else { Kind::OpenText }, word + len);
    }
    if word > 0 {
        let kind = if KEYWORDS.contains(&&rest[..word]) { Kind::Keyword } else { Kind::Name };
        return (kind, word);
    }
    match first {
        '(' | '[' | '{' => (Kind::Opener, 1),
        ')' | ']' | '}' => (Kind::Closer, 1),
        _ => match OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            Some(operator) => (Kind::Operator, operator.len()),
            None if "+-*/%@&|^~<>=.,:;".contains(first) => (Kind::Operator, 1),
            None => (Kind::Unknown, first.len_utf8()),
        },
    }
}

fn is_prefix(word: &str) -> bool {
    word.len() <= 2 && word.chars().all(|c| "rRbBuUfFtT".contains(c))
}

/// The bytes of a number; `1..2` ends before the second dot.
fn number(rest: &str) -> usize {
    let mut previous = ' ';
    let mut dots = 0;
    rest.find(|c: char| {
        let exponent = matches!(previous, 'e' | 'E') && matches!(c, '+' | '-') && !rest.starts_with("0x");
        dots += usize::from(c == '.');
        previous = c;
        !(c.is_ascii_alphanumeric() || c == '_' || c == '.' && dots < 2 || exponent)
    })
    .unwrap_or(rest.len())
}

/// Whether the string at the start of `rest` ends, and its bytes.
fn string(rest: &str, raw: bool) -> (bool, usize) {
    let quote = &rest[..1];
    let triple = quote.repeat(3);
    if rest.starts_with(&triple) {
        return match find_end(&rest[3..], &triple, false, raw) {
            Some(end) => (true, 3 + end + 3),
            None => (false, rest.len()),
        };
    }
    match find_end(&rest[1..], quote, true, raw) {
        Some(end) => (true, 1 + end + 1),
        None => (false, line_len(rest)),
    }
}

fn line_len(rest: &str) -> usize {
    rest.find('\n').map_or(rest.trim_end().len(), |end| rest[..end].trim_end().len()).max(1)
}

fn find_end(body: &str, quote: &str, one_line: bool, _raw: bool) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\n' if one_line => return None,
            _ if body[at..].starts_with(quote) => return Some(at),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(Kind, &str)> {
        tokens(text).into_iter().map(|token| (token.kind, &text[token.span])).collect()
    }

    #[test]
    fn python_is_cut_into_tokens() {
        let found = kinds("if a.b >= 1.5e-3:  # why\n    return f'x' + [0x1F]");
        let kept: Vec<&str> = found.iter().map(|(_, text)| *text).collect();
        assert_eq!(kept, ["if", "a", ".", "b", ">=", "1.5e-3", ":", "# why", "return", "f'x'", "+", "[", "0x1F", "]"]);
        assert_eq!(found[0].0, Kind::Keyword);
        assert_eq!(found[9].0, Kind::Text);
    }

    #[test]
    fn open_strings_end_with_their_line() {
        assert_eq!(kinds("x = 'a\ny")[2], (Kind::OpenText, "'a"));
        assert_eq!(kinds("'''a\n'")[0], (Kind::OpenText, "'''a\n'"));
        assert_eq!(kinds(r"'a\'b'")[0], (Kind::Text, r"'a\'b'"));
    }

    #[test]
    fn what_is_no_python_is_a_token_too() {
        assert_eq!(kinds("a $ “b”").iter().filter(|(kind, _)| *kind == Kind::Unknown).count(), 3);
        assert_eq!(kinds("1..").len(), 2);
    }
}
