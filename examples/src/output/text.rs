//! Pieces of text for people: colours, tables, and foreign text made harmless.

use std::fmt::Write;

/// Text from a log or a repository without what a terminal would obey or hide: control, bidirectional and
/// zero-width characters are shown as escapes.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\t' => out.push(c),
            c if c.is_control() || is_invisible(c) => _ = write!(out, "{}", c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// `1 fix`, `2 fixes`.
pub(crate) fn counted(number: usize, noun: &str) -> String {
    let plural = match noun {
        noun if number == 1 => noun.to_owned(),
        noun if noun.ends_with('x') => format!("{noun}es"),
        noun => format!("{noun}s"),
    };
    format!("{number} {plural}")
}

/// `text` in a colour or weight; the stream drops it where it is no terminal.
pub(crate) fn styled(code: &str, text: &str) -> String {
    format!("\u{1b}[{code}m{text}\u{1b}[0m")
}

/// A heading on a line of its own.
pub(crate) fn heading(title: &str) -> String {
    format!("\n{}\n", styled("1", title))
}

/// Rows whose columns stand below each other.
#[derive(Default)]
pub(crate) struct Table(Vec<Vec<String>>);

impl Table {
    /// Adds a row.
    pub(crate) fn row<const N: usize>(&mut self, cells: [&str; N]) {
        self.0.push(cells.iter().map(|cell| clean(cell.trim())).collect());
    }

    /// The rows as indented lines; the last column is cut to what fits.
    pub(crate) fn render(&self) -> String {
        let columns = self.0.iter().map(Vec::len).max().unwrap_or_default();
        let width =
            |column: usize| self.0.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or_default().min(64)).collect();
        let line = |row: &Vec<String>| {
            let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}")).collect();
            format!("  {}\n", cells.join("  ").trim_end())
        };
        self.0.iter().map(line).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\r"), "a\\u{1b}[31mb\\u{202e}c\\u{d}");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::default();
        table.row(["a", "bb", "c"]);
        table.row(["aaa", "b", ""]);
        assert_eq!(table.render(), "  a    bb  c\n  aaa  b\n");
    }
}
