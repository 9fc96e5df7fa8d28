//! Tabs next to spaces, as the interpreter's tokenizer sees them.

use super::lex::{Kind, tokens};
use super::repairs;
use super::site::{Candidate, Class, Site};
use crate::manual::fixer;
use crate::python::SyntaxProblem;

fixer! {
    /// Indents with spaces where tabs and spaces disagree.
    ///
    /// # What it repairs
    ///
    /// `TabError: inconsistent use of tabs and spaces in indentation`.
    ///
    /// # Why it is safe
    ///
    /// A tab reaches to the next eighth column, as in Python 2 and on a terminal; another width is tried only if the
    /// file does not parse so, and is not safe.
    /// The edit is proposed only if the whole file parses afterwards.
    ///
    /// # Before
    ///
    /// ```python
    /// if True:
    ///         print(1)
    /// 	print(2)
    /// ```
    ///
    /// # After
    ///
    /// ```python
    /// if True:
    ///         print(1)
    ///         print(2)
    /// ```
    pub(crate) struct MixedTabs {
        id: "syntax/mixed-tabs",
        summary: "indent with spaces where tabs and spaces disagree",
        handles: [Syntax],
        applicability: Safe,
    }
}

repairs!(MixedTabs, MixedTabs);

/// What is wrong, in the interpreter's words.
pub(super) const MESSAGE: &str = "inconsistent use of tabs and spaces in indentation";

/// The first line whose indentation depends on the width of a tab. Only for text that is Python otherwise.
pub(super) fn problem(text: &str) -> Option<SyntaxProblem> {
    if !text.contains('\t') {
        return None;
    }
    let mut stack = vec![(0usize, 0usize)];
    for (start, line) in logical_lines(text) {
        let (wide, narrow) = columns(line);
        let (top_wide, top_narrow) = stack.last().copied().unwrap_or_default();
        let consistent = match wide.cmp(&top_wide) {
            std::cmp::Ordering::Equal => narrow == top_narrow,
            std::cmp::Ordering::Greater => {
                stack.push((wide, narrow));
                narrow > top_narrow
            }
            std::cmp::Ordering::Less => {
                stack.retain(|(other, _)| *other <= wide);
                stack.last().is_some_and(|(_, other)| *other == narrow)
            }
        };
        if !consistent {
            return Some(SyntaxProblem::new(start, MESSAGE));
        }
    }
    None
}

/// The lines that begin statements, with their offsets.
fn logical_lines(text: &str) -> Vec<(usize, &str)> {
    let all = tokens(text);
    let mut lines = Vec::new();
    let (mut start, mut index) = (0, 0);
    for line in text.split_inclusive('\n') {
        while index < all.len() && all[index].span.end <= start {
            index += 1;
        }
        let inside = all.get(index).is_some_and(|token| token.span.start < start || token.depth > 0);
        let code =
            all.get(index).is_some_and(|token| token.span.start < start + line.len() && token.kind != Kind::Comment);
        let joined = text[..start].trim_end_matches(['\n', '\r']).ends_with('\\');
        if code && !inside && !joined {
            lines.push((start, line));
        }
        start += line.len();
    }
    lines
}

/// The indentation with tabs to every eighth column, and with tabs of one column.
fn columns(line: &str) -> (usize, usize) {
    let indent = line.chars().take_while(|c| matches!(c, ' ' | '\t'));
    indent.fold(
        (0, 0),
        |(wide, narrow), c| if c == '\t' { (wide / 8 * 8 + 8, narrow + 1) } else { (wide + 1, narrow + 1) },
    )
}

pub(super) fn candidates(site: &Site<'_>, out: &mut Vec<Candidate>) {
    let indented = site.lines.iter().any(|line| {
        let text = &site.text[line.span.clone()];
        text[..text.len() - text.trim_start().len()].contains('\t')
    });
    let message = site.message.to_ascii_lowercase();
    if !indented || !["tab", "indent"].iter().any(|word| message.contains(word)) {
        return;
    }
    for (width, cost) in [(8, 0.55), (4, 0.6), (2, 0.9)] {
        let edits: Vec<_> = (0..site.lines.len())
            .filter(|line| site.indent(*line).contains('\t') && !site.lines[*line].continues)
            .map(|line| {
                let (start, indent) = (site.lines[line].span.start, site.indent(line));
                (start..start + indent.len(), expanded(indent, width))
            })
            .collect();
        out.push(Candidate::new(Class::MixedTabs, cost, edits));
    }
}

fn expanded(indent: &str, width: usize) -> String {
    let columns =
        indent.chars().fold(0, |column, c| if c == '\t' { column / width * width + width } else { column + 1 });
    " ".repeat(columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn indentation_that_depends_on_the_width_of_a_tab_is_found() {
        let bad = ["if a:\n        b\n\tc\n", "if a:\n\tif b:\n        \tc\n        d\n"];
        for text in bad {
            assert!(problem(text).is_some(), "{text:?}");
        }
        let good = [
            "if a:\n\tb\n\tc\n",
            "if a:\n\tb\nif c:\n    d\n",
            "x = (\n\t1,\n        2)\n",
            "'''\n\ta\n        b'''\n",
            "if a:\n\tb\n\n        # c\n\td\n",
        ];
        for text in good {
            assert_eq!(problem(text), None, "{text:?}");
        }
    }
}
