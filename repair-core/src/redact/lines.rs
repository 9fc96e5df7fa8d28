//! Cuts a piece of text into lines, and finds long words on the way.

use std::ops::Range;

/// The shortest run of letters and digits that is looked at for what it may encode, or for looking random.
const SHORTEST_RUN: usize = 20;

/// A line, and what is in it.
#[derive(Default)]
pub(super) struct Line {
    pub(super) range: Range<usize>,
    /// Runs of letters and digits.
    pub(super) runs: Vec<Range<usize>>,
    /// It has a character that begins an escape.
    pub(super) escaped: bool,
}

/// The lines of `text`.
pub(super) fn lines(text: &[u8]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut line = Line::default();
    let mut run = 0;
    for (at, byte) in text.iter().enumerate() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'_' | b'-') {
            run += 1;
            continue;
        }
        if run >= SHORTEST_RUN {
            line.runs.push(at - run..at + padding(&text[at..]));
        }
        run = 0;
        line.escaped |= matches!(byte, b'%' | b'\\' | b'&');
        if *byte == b'\n' {
            line.range.end = at;
            lines.push(std::mem::take(&mut line));
            line.range.start = at + 1;
        }
    }
    if run >= SHORTEST_RUN {
        line.runs.push(text.len() - run..text.len());
    }
    line.range.end = text.len();
    lines.push(line);
    lines
}

/// How many signs of equality at the beginning of `text` end a run of base64.
fn padding(text: &[u8]) -> usize {
    let length = text.iter().take(3).take_while(|byte| **byte == b'=').count();
    let ends = text.get(length).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    if ends && length < 3 { length } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_runs_are_found_with_their_padding() {
        let word = "abcdefghijklmnopqrstuvwxyz";
        let text = format!("a {word}== {word}=x\nshort\n{word}\\n");
        let lines = lines(text.as_bytes());
        let runs: Vec<Vec<&str>> =
            lines.iter().map(|line| line.runs.iter().map(|run| &text[run.clone()]).collect()).collect();
        assert_eq!(runs, [vec![&format!("{word}==")[..], word], vec![], vec![word]]);
        assert_eq!(lines.iter().map(|line| line.escaped).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(&text[lines[1].range.clone()], "short");
    }
}
