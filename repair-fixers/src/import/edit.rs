//! Edits of import statements.

use crate::python::Module;
use crate::python::imports::Import;
use crate::python::insert::{after_line, line_start};
use crate::python::removal::statement_removal;
use repair_core::Span;
use std::collections::BTreeSet;

/// The edit that removes the names at `indices` from `import`; the whole statement if none is left.
pub(super) fn removal(module: &Module, import: &Import, indices: &BTreeSet<usize>) -> (Span, String) {
    if (0..import.names.len()).all(|index| indices.contains(&index)) {
        return statement_removal(module, import.span);
    }
    let text = module.text();
    let run: Vec<usize> = indices.iter().copied().collect();
    if let [only] = run.as_slice() {
        return (name_span(text, import, *only), String::new());
    }
    let gone: Vec<Span> = run.iter().map(|index| name_span(text, import, *index)).collect();
    let (start, end) = (gone[0].start(), gone[gone.len() - 1].end());
    let kept = gone.windows(2).map(|pair| &text[pair[0].end().min(pair[1].start())..pair[1].start()]).collect();
    (Span::new(start, end), kept)
}

/// The bytes that go with one name: its comma, and its line if it has one to itself.
fn name_span(text: &str, import: &Import, index: usize) -> Span {
    let span = import.names[index].span;
    let start_of_line = line_start(text, span.start());
    let rest = &text[span.end()..];
    let comma = rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let has_comma = rest[comma..].starts_with(',');
    let end = if has_comma { span.end() + comma + 1 } else { span.end() };
    let line_end = after_line(text, end);
    let behind = text[end..line_end].trim();
    if text[start_of_line..span.start()].trim().is_empty() && (behind.is_empty() || behind.starts_with('#')) {
        return Span::new(start_of_line, line_end);
    }
    if has_comma && index + 1 < import.names.len() {
        let gap = text[end..].len() - text[end..].trim_start_matches([' ', '\t']).len();
        return Span::new(span.start(), end + gap);
    }
    match index.checked_sub(1) {
        Some(previous) => Span::new(import.names[previous].span.end(), span.end()),
        None => Span::new(span.start(), end),
    }
}

/// Whether a line of `span` tells linters to be silent.
pub(super) fn is_silenced(text: &str, span: Span) -> bool {
    let lines = text[line_start(text, span.start())..after_line(text, span.end())].to_ascii_lowercase();
    lines.contains("# noqa") || lines.contains("#noqa") || lines.contains("pylint: disable")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::python::imports::imports;

    #[track_caller]
    fn check(before: &str, indices: &[usize], after: &str) {
        let module = Module::parse(before);
        let import = &imports(&module)[0];
        let (span, new) = removal(&module, import, &indices.iter().copied().collect());
        let mut text = before.to_owned();
        text.replace_range(span.range(), &new);
        assert_eq!(text, after);
    }

    #[test]
    fn names_go_with_their_commas() {
        check("from a import b, c, d\n", &[0], "from a import c, d\n");
        check("from a import b, c, d\n", &[1], "from a import b, d\n");
        check("from a import b, c, d\n", &[2], "from a import b, c\n");
        check("from a import (\n    b,\n    c,  # x\n    d\n)\n", &[1], "from a import (\n    b,\n    d\n)\n");
        check("from a import (\n    b,\n    c\n)\n", &[1], "from a import (\n    b,\n)\n");
        check("from a import (b,\n               c)\n", &[1], "from a import (b)\n");
        check("import a, b as c\n", &[1], "import a\n");
    }

    #[test]
    fn statements_go_with_their_lines() {
        check("import a\nx = 1\n", &[0], "x = 1\n");
        check("import a\n\n\nx = 1\n", &[0], "x = 1\n");
        check("x = 1\n\nimport a\n\ny = 1\n", &[0], "x = 1\n\ny = 1\n");
        check("def f():\n    import a\n", &[0], "def f():\n    pass\n");
        check("def f():\n    import a\n    g()\n", &[0], "def f():\n    g()\n");
        check("import a; x = 1\n", &[0], "x = 1\n");
        check("x = 1; import a\n", &[0], "x = 1\n");
        check("from a import b, c\r\nx = 1\r\n", &[0, 1], "x = 1\r\n");
    }
}
