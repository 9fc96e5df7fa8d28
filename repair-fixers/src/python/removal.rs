//! Statements that go, and edits of a text.

use super::Module;
use super::insert::{after_line, line_start};
use repair_core::Span;
use tree_sitter::Node;

/// It stays in front of whatever comes first.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The edit that removes the statement at `span`, or makes it `pass` if its block would be empty.
pub fn statement_removal(module: &Module, span: Span) -> (Span, String) {
    let text = module.text();
    if is_only_statement(module, span) {
        return (span, "pass".to_owned());
    }
    let (start, end) = (line_start(text, span.start()), after_line(text, span.end()));
    let before = text[start..span.start()].trim_start_matches(BYTE_ORDER_MARK);
    let start = span.start() - before.len();
    let behind = text[span.end()..end].trim_start_matches([' ', '\t']);
    if before.trim().is_empty() && !behind.starts_with(';') {
        return whole_lines(text, start, end);
    }
    if let Some(rest) = behind.strip_prefix(';') {
        let next = end - rest.trim_start_matches([' ', '\t']).len();
        return (Span::new(span.start(), next), String::new());
    }
    let before = before.trim_end().trim_end_matches(';').trim_end();
    (Span::new(start + before.len(), span.end()), String::new())
}

/// Lines that go, with the blank line behind them if they stood alone between blank lines or at the top.
fn whole_lines(text: &str, start: usize, end: usize) -> (Span, String) {
    let at_top = text[..start].trim_start_matches(BYTE_ORDER_MARK).is_empty();
    let blank_before = at_top || text[..start].ends_with("\n\n") || text[..start].ends_with("\n\r\n");
    let next = after_line(text, end);
    let blank_behind = end < text.len() && text[end..next].trim().is_empty();
    let gap = blank_before && blank_behind;
    let end = if gap && at_top {
        end + blank_lines(&text[end..])
    } else if gap {
        next
    } else {
        end
    };
    (Span::new(start, end), String::new())
}

fn blank_lines(text: &str) -> usize {
    text.split_inclusive('\n').take_while(|line| line.trim().is_empty()).map(str::len).sum()
}

fn is_only_statement(module: &Module, span: Span) -> bool {
    let node = module.root().descendant_for_byte_range(span.start(), span.end());
    let block = std::iter::successors(node, |node| node.parent()).find(|node| node.kind() == "block");
    block.is_some_and(|block| statements(block) == 1)
}

fn statements(block: Node<'_>) -> usize {
    let mut cursor = block.walk();
    block.named_children(&mut cursor).filter(|child| child.kind() != "comment").count()
}

/// `text` after `edits`, in any order; `None` if two of them overlap or one lies outside.
pub fn applied(text: &str, edits: &[(Span, String)]) -> Option<String> {
    let mut sorted: Vec<&(Span, String)> = edits.iter().collect();
    sorted.sort_by_key(|(span, _)| *span);
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for (span, new) in sorted {
        out.push_str(text.get(at..span.start())?);
        out.push_str(new);
        at = span.end();
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(before: &str, statement: &str, after: &str) {
        let module = Module::parse(before);
        let start = before.find(statement).unwrap();
        let (span, new) = statement_removal(&module, Span::new(start, start + statement.len()));
        let mut text = before.to_owned();
        text.replace_range(span.range(), &new);
        assert_eq!(text, after);
    }

    #[test]
    fn edits_apply_in_any_order_unless_they_overlap() {
        let edit = |start, end, new: &str| (Span::new(start, end), new.to_owned());
        assert_eq!(applied("abc", &[edit(2, 3, "C"), edit(0, 1, "")]).as_deref(), Some("bC"));
        assert_eq!(applied("abc", &[edit(0, 2, ""), edit(1, 3, "")]), None);
        assert_eq!(applied("abc", &[edit(2, 9, "")]), None);
    }

    #[test]
    fn a_statement_goes_with_its_line_and_leaves_a_block_behind() {
        check("def f():\n    x = 1  # why\n    g()\n", "x = 1", "def f():\n    g()\n");
        check("def f():\n    x = 1\n", "x = 1", "def f():\n    pass\n");
        check("def f():\n    g(); x = 1; h()\n", "x = 1", "def f():\n    g(); h()\n");
    }

    #[test]
    fn a_byte_order_mark_stays_in_front() {
        check("\u{feff}import os\nimport sys\n", "import os", "\u{feff}import sys\n");
        check("\u{feff}import os\n\nx = 1\n", "import os", "\u{feff}x = 1\n");
    }
}
