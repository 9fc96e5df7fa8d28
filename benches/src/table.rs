//! Tables of text.

/// Rows with columns that are aligned: the first to the left, the others to the right.
pub(crate) fn render(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let all: Vec<&Vec<String>> = std::iter::once(&head).chain(rows).collect();
    let width = |column: usize| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let mut text = String::new();
    for row in &all {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = width(column).unwrap_or_default();
            if column == 0 { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text += cells.collect::<Vec<_>>().join("  ").trim_end();
        text.push('\n');
    }
    text
}

/// `part` of `whole`; 1 of nothing.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// The harmonic mean of precision and recall.
pub(crate) fn f1(found: usize, missing: usize, noisy: usize) -> f64 {
    let (precision, recall) = (ratio(found, found + noisy), ratio(found, found + missing));
    if precision + recall == 0.0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned() {
        let text = render(&["what", "n"], &[vec!["a".into(), "100".into()], vec!["longer".into(), "1".into()]]);
        assert_eq!(text, "what      n\na       100\nlonger    1\n");
    }

    #[test]
    fn f1_is_whole_for_nothing_and_none_for_all_wrong() {
        assert_eq!((f1(0, 0, 0), f1(0, 1, 1), f1(1, 0, 0)), (1.0, 0.0, 1.0));
        assert!((f1(2, 2, 0) - 2.0 / 3.0).abs() < 1e-9);
    }
}
