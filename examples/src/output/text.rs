//! Pieces of text for people: colours and tables.

use repair_core::text::clean;

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
