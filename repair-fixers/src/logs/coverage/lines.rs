//! The lines of a file.

use std::collections::BTreeMap;

/// No source has a line with a greater number.
const LAST: u32 = 10_000_000;

/// The lines of a file that could be reached, and which of them were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lines(BTreeMap<u32, bool>);

impl Lines {
    /// How many lines could be reached.
    pub fn measured(&self) -> usize {
        self.0.len()
    }

    /// How many of them no test reached.
    pub fn missing(&self) -> usize {
        self.0.values().filter(|covered| !**covered).count()
    }

    /// The first and last lines of what no test reached. Lines between them that do nothing, such as comments, divide
    /// nothing.
    pub fn missing_ranges(&self) -> Vec<(u32, u32)> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut open = false;
        for (&line, &covered) in &self.0 {
            match ranges.last_mut().filter(|_| open) {
                _ if covered => {}
                Some((_, last)) => *last = line,
                None => ranges.push((line, line)),
            }
            open = !covered;
        }
        ranges
    }

    /// Adds a line. One that is covered once is covered.
    pub(super) fn add(&mut self, line: u32, covered: bool) {
        if (1..=LAST).contains(&line) {
            *self.0.entry(line).or_default() |= covered;
        }
    }

    /// Adds the lines of another report.
    pub(super) fn join(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
        } else {
            other.0.into_iter().for_each(|(line, covered)| self.add(line, covered));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(covered: &[u32], missing: &[u32]) -> Lines {
        let mut lines = Lines::default();
        covered.iter().for_each(|line| lines.add(*line, true));
        missing.iter().for_each(|line| lines.add(*line, false));
        lines
    }

    #[test]
    fn comments_and_blank_lines_divide_no_range() {
        let lines = lines(&[1, 2, 8, 17, 18, 21], &[9, 11, 12, 13, 14, 19, 22, 0, u32::MAX]);
        assert_eq!(lines.missing_ranges(), [(9, 14), (19, 19), (22, 22)]);
        assert_eq!((lines.measured(), lines.missing()), (13, 7));
    }

    #[test]
    fn a_line_covered_anywhere_is_covered() {
        let mut one = lines(&[1], &[2, 3]);
        one.join(lines(&[2], &[1, 3, 4]));
        assert_eq!(one, lines(&[1, 2], &[3, 4]));
    }
}
