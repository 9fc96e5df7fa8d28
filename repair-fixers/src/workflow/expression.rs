//! Texts with expressions: `py${{ matrix.python }}`.

use super::evaluate;
use std::collections::BTreeMap;

/// A piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// It stands for itself.
    Text(&'a str),
    /// It stands for what the expression is worth.
    Expression(&'a str),
}

/// The pieces of a text.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some((before, behind)) = rest.split_once("${{") {
        let Some((expression, after)) = behind.split_once("}}") else { break };
        pieces.push(Piece::Text(before));
        pieces.push(Piece::Expression(expression.trim()));
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces.retain(|piece| *piece != Piece::Text(""));
    pieces
}

/// The text with what its expressions are worth; `None` if that of one is not known.
pub(super) fn value(text: &str, known: &BTreeMap<String, String>) -> Option<String> {
    let of = |piece| match piece {
        Piece::Text(text) => Some(text.to_owned()),
        Piece::Expression(expression) => worth(expression, known),
    };
    pieces(text).into_iter().map(of).collect()
}

/// What an expression is worth as text; `None` if that is not known.
pub(super) fn worth(expression: &str, known: &BTreeMap<String, String>) -> Option<String> {
    evaluate::text(expression, &|name| known.get(name).cloned())
}

/// What the expressions in `text` are worth if all of it is `found`; `None` if it is another text.
///
/// Expressions that are known have their values, of others any will do, as short as possible.
pub(super) fn matches<'a>(
    text: &'a str,
    found: &str,
    known: &BTreeMap<String, String>,
) -> Option<BTreeMap<&'a str, String>> {
    let mut found_worth = BTreeMap::new();
    let mut open: Option<&str> = None;
    let mut rest = found;
    for piece in pieces(text) {
        let fixed = match &piece {
            Piece::Text(text) => Some((*text).to_owned()),
            Piece::Expression(name) => worth(name, known),
        };
        match (fixed.as_deref(), piece) {
            (Some(fixed), _) => {
                let at = if open.is_some() { rest.find(fixed)? } else { rest.starts_with(fixed).then_some(0)? };
                if let Some(name) = open.take() {
                    found_worth.insert(name, rest[..at].to_owned());
                }
                rest = &rest[at + fixed.len()..];
            }
            (None, Piece::Expression(name)) => open = open.or(Some(name)),
            (None, Piece::Text(_)) => {}
        }
    }
    match open {
        Some(name) => _ = found_worth.insert(name, rest.to_owned()),
        None if !rest.is_empty() => return None,
        None => {}
    }
    Some(found_worth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn expressions_are_replaced_where_they_are_known() {
        let known = known(&[("matrix.python", "3.9")]);
        assert_eq!(value("py${{matrix.python}}!", &known).as_deref(), Some("py3.9!"));
        assert_eq!(value("${{ secrets.X }}", &known), None);
        assert_eq!(value("plain ${{ open", &known).as_deref(), Some("plain ${{ open"));
    }

    #[test]
    fn a_text_tells_what_its_expressions_are_worth() {
        let found = matches("T ${{ matrix.a }}/${{ matrix.b }}", "T 1/2", &known(&[])).unwrap();
        assert_eq!((found["matrix.a"].as_str(), found["matrix.b"].as_str()), ("1", "2"));
        assert_eq!(matches("T ${{ matrix.a }}", "U 1", &known(&[])), None);
        assert_eq!(matches("T ${{ a }}", "T 2", &known(&[("a", "1")])), None);
        assert_eq!(matches("T", "T ", &known(&[])), None);
        assert!(matches("${{ a }}${{ b }}x", "1x", &known(&[])).is_some());
    }
}
