//! Canonical expressions as tokens: what is equal, what was replaced, what is alike.

use std::collections::{BTreeMap, BTreeSet};

/// The tokens of a canonical text: names, numbers, strings, and signs one by one.
pub(super) fn tokens(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '"' => string_length(rest),
            c if is_word(c) => word_length(rest),
            c => c.len_utf8(),
        };
        if !c.is_whitespace() {
            found.push(&rest[..length]);
        }
        rest = &rest[length..];
    }
    found
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn word_length(text: &str) -> usize {
    let number = text.starts_with(|c: char| c.is_ascii_digit());
    let end = text.find(|c: char| !(is_word(c) || number && c == '.')).unwrap_or(text.len());
    match text[end..].chars().next() {
        Some('"') if end <= 2 && !number => end + string_length(&text[end..]),
        _ => end,
    }
}

/// The length of the string that `text` begins with, its quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Whether the token is a number or a string.
pub(in crate::guards) fn is_literal(token: &str) -> bool {
    token.ends_with('"')
        || token.starts_with(|c: char| c.is_ascii_digit())
        || matches!(token, "True" | "False" | "None")
}

/// Whether the token is a name.
pub(super) fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_') && !is_literal(token)
}

/// The literals of a canonical text, each with how often it occurs.
pub(in crate::guards) fn literals(text: &str) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for token in tokens(text).into_iter().filter(|token| is_literal(token)) {
        *counts.entry(token).or_default() += 1;
    }
    counts
}

/// The names of a canonical text.
pub(in crate::guards) fn names(text: &str) -> BTreeSet<&str> {
    tokens(text).into_iter().filter(|token| is_name(token)).collect()
}

/// `text` with names replaced by what they stand for; attributes and keywords of calls stay.
pub(super) fn substitute(text: &str, values: &BTreeMap<String, String>) -> String {
    if values.is_empty() {
        return text.to_owned();
    }
    let parts = tokens(text);
    let mut out = String::with_capacity(text.len());
    for (index, token) in parts.iter().enumerate() {
        let attribute = index > 0 && parts[index - 1] == ".";
        let keyword = parts.get(index + 1) == Some(&"=")
            && parts.get(index + 2) != Some(&"=")
            && index > 0
            && matches!(parts[index - 1], "(" | ",");
        let value = values.get(*token).filter(|_| !attribute && !keyword);
        let word = value.map_or(*token, String::as_str);
        if out.ends_with(is_word) && word.starts_with(is_word) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// How alike two texts are by their tokens, from 0 to 1.
pub(super) fn likeness(a: &str, b: &str) -> f64 {
    let (left, right) = (tokens(a), tokens(b));
    let mut counts: BTreeMap<&str, isize> = BTreeMap::new();
    left.iter().for_each(|token| *counts.entry(token).or_default() += 1);
    let mut common = 0usize;
    for token in &right {
        let count = counts.entry(token).or_default();
        common += usize::from(*count > 0);
        *count -= 1;
    }
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens are small")]
    let ratio = |common: usize, all: usize| if all == 0 { 1.0 } else { 2.0 * common as f64 / all as f64 };
    ratio(common, left.len() + right.len())
}

/// Whether `old` is left when some tokens of `new` are taken out.
pub(super) fn is_subsequence(old: &str, new: &str) -> bool {
    let mut rest = tokens(new).into_iter();
    tokens(old).into_iter().all(|token| rest.any(|other| other == token))
}

/// The names replaced by others, if the texts differ in names only.
pub(super) fn renamed<'t>(old: &'t str, new: &'t str) -> Option<Vec<(&'t str, &'t str)>> {
    let (old, new) = (tokens(old), tokens(new));
    if old.len() != new.len() {
        return None;
    }
    let pairs: Vec<_> = old.into_iter().zip(new).filter(|(a, b)| a != b).collect();
    pairs.iter().all(|(a, b)| is_name(a) && is_name(b)).then_some(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_tokens() {
        assert_eq!(
            tokens("f(a.b,\"x y\",1.5)==r\"q\""),
            ["f", "(", "a", ".", "b", ",", "\"x y\"", ",", "1.5", ")", "=", "=", "r\"q\""]
        );
        assert_eq!(literals("f(1,\"a\",1)").get("1"), Some(&2));
    }

    #[test]
    fn names_are_replaced_but_not_attributes() {
        let values = BTreeMap::from([("x".to_owned(), "f(1)".to_owned())]);
        assert_eq!(substitute("x+a.x", &values), "f(1)+a.x");
        assert_eq!(substitute("g(x=x)", &values), "g(x=f(1))");
        assert_eq!(substitute("not x", &BTreeMap::from([("x".to_owned(), "y".to_owned())])), "not y");
    }

    #[test]
    fn what_was_replaced_is_told() {
        assert_eq!(renamed("f(x)", "g(x)"), Some(vec![("f", "g")]));
        assert_eq!(renamed("f(1)", "f(2)"), None);
        assert!(is_subsequence("f(x)", "f(x,a=1)") && !is_subsequence("f(x,1)", "f(x)"));
        assert!(likeness("f(x)", "f(y)") > 0.7);
    }
}
