//! Text of a syntax node without what means nothing: layout, comments, redundant parentheses, the kind of quotes.

use super::Module;
use tree_sitter::Node;

/// The text of `node` in one spelling: equal for nodes that differ only in layout, comments, quotes, redundant
/// parentheses or trailing commas.
pub fn canonical(module: &Module, node: Node<'_>) -> String {
    let mut out = String::new();
    write(module, node, &mut out);
    out
}

fn write(module: &Module, node: Node<'_>, out: &mut String) {
    match node.kind() {
        "comment" | "line_continuation" => {}
        "string" => push(out, &string(module.text_of(node))),
        "integer" | "float" => push(out, &module.text_of(node).replace('_', "").to_ascii_lowercase()),
        "parenthesized_expression" => children(module, node, out, |child| !matches!(child.kind(), "(" | ")")),
        _ if node.child_count() == 0 => push(out, module.text_of(node)),
        _ => children(module, node, out, |child| !is_trailing_comma(child)),
    }
}

fn children<'t>(module: &Module, node: Node<'t>, out: &mut String, keep: impl Fn(Node<'t>) -> bool) {
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(|child| keep(*child)) {
        write(module, child, out);
    }
}

/// Whether `node` is a comma before a closing bracket; the comma of a tuple of one counts as meaning something.
fn is_trailing_comma(node: Node<'_>) -> bool {
    let closes = |next: Node<'_>| matches!(next.kind(), ")" | "]" | "}");
    let single = |parent: Node<'_>| parent.kind() == "tuple" && parent.named_child_count() == 1;
    node.kind() == "," && node.next_sibling().is_some_and(closes) && !node.parent().is_some_and(single)
}

/// Appends a token, with a blank where two words would run together.
fn push(out: &mut String, token: &str) {
    let word = |c: char| c.is_alphanumeric() || c == '_';
    if out.ends_with(word) && token.starts_with(word) {
        out.push(' ');
    }
    out.push_str(token);
}

/// A string literal with double quotes, and without a `u` prefix.
fn string(text: &str) -> String {
    let quote = text.find(['"', '\'']).unwrap_or(0);
    let (prefix, body) = text.split_at(quote);
    let inner = ["\"\"\"", "'''", "\"", "'"]
        .iter()
        .find_map(|quote| body.strip_prefix(quote)?.strip_suffix(quote))
        .unwrap_or(body);
    format!("{}\"{inner}\"", prefix.to_ascii_lowercase().replace('u', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> String {
        let module = Module::parse(text);
        canonical(&module, module.root())
    }

    #[test]
    fn layout_quotes_and_parentheses_mean_nothing() {
        assert_eq!(of("f( 'a', (b) )  # why\n"), of("f(\n    \"a\",\n    b,\n)\n"));
        assert_eq!(of("x = 1_000"), of("x=1000"));
        assert_eq!(of("u'a'"), of("'a'"));
    }

    #[test]
    fn what_differs_stays_different() {
        assert_ne!(of("not a"), of("nota"));
        assert_ne!(of("f(a, b)"), of("f(b, a)"));
        assert_ne!(of("(a,)"), of("(a)"));
        assert_ne!(of("b'a'"), of("'a'"));
    }
}
