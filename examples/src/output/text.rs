//! Pieces of text for people: colours, tables, and foreign text made harmless.

use std::fmt::Write;

/// Text from a log or a repository without what a terminal or a runner would obey or hide: control, bidirectional and
/// zero-width characters, and what begins a runner's command (`##[…]` anywhere in a line, `::…` at its beginning), are
/// shown as escapes.
pub(crate) fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let command = text.trim_start().starts_with("::").then(|| text.find(':')).flatten();
    for (at, c) in text.char_indices() {
        match c {
            '\t' => out.push(c),
            '[' if in_command(&out) => _ = write!(out, "{}", c.escape_unicode()),
            ':' if command == Some(at) => _ = write!(out, "{}", c.escape_unicode()),
            c if c.is_control() || is_invisible(c) => _ = write!(out, "{}", c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// Whether a bracket behind `before` begins a command: `##[`, `##vso[`, `##teamcity[`.
fn in_command(before: &str) -> bool {
    before.trim_end_matches(|c: char| c.is_ascii_alphanumeric()).ends_with("##")
}

/// How many columns the terminal has; `None` if it is none.
pub(crate) fn width() -> Option<usize> {
    terminal_size::terminal_size_of(std::io::stdout()).map(|(width, _)| usize::from(width.0)).filter(|width| *width > 0)
}

/// The text, shortened to `room` characters if there is a limit.
pub(crate) fn fitting(text: &str, room: Option<usize>) -> String {
    match room.and_then(|room| text.char_indices().nth(room).map(|_| room.saturating_sub(1))) {
        Some(kept) => text.chars().take(kept).chain(['…']).collect(),
        None => text.to_owned(),
    }
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
    if text.trim().is_empty() {
        return text.to_owned();
    }
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
    fn what_a_runner_would_obey_is_shown() {
        assert_eq!(clean(" ::add-mask::x a::b"), " \\u{3a}:add-mask::x a::b");
        assert_eq!(clean("a ##[group]b ##vso[task]c #[d] e::f"), "a ##\\u{5b}group]b ##vso\\u{5b}task]c #[d] e::f");
    }

    #[test]
    fn text_is_cut_to_the_room_there_is() {
        assert_eq!(fitting("abcdef", Some(4)), "abc…");
        assert_eq!(fitting("äöü", Some(3)), "äöü");
        assert_eq!(fitting("abc", None), "abc");
    }

    #[test]
    fn columns_stand_below_each_other() {
        let mut table = Table::default();
        table.row(["a", "bb", "c"]);
        table.row(["aaa", "b", ""]);
        assert_eq!(table.render(), "  a    bb  c\n  aaa  b\n");
    }
}
