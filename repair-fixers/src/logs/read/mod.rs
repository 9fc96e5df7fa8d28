//! Cuts a log into steps, whatever form it has.
//!
//! ```text
//! bytes ─ lines ─▶ line, cut ─ prefix ─▶ job, step, text ─ clean ─▶ text ─ steps ─▶ Log
//! ```
//!
//! One pass; what is kept is bounded, see [`keep`] and [`steps`].

mod clean;
mod clock;
mod header;
mod keep;
mod lines;
mod outcome;
mod packages;
mod prefix;
mod python;
mod runner;
mod steps;
#[cfg(test)]
mod tests;

use lines::Lines;
use repair_core::{Log, Output};
use std::io::{self, BufRead, Cursor, Read};
use steps::Steps;

/// How much of the beginning decides whether the input is text.
const SAMPLE: u64 = 4096;

/// Cuts a log into steps, in one pass and bounded memory.
///
/// Raw job logs of GitHub Actions (timestamps, groups), `gh run view --log`, text copied from the web view, Travis
/// folds and plain output are told apart line by line. Input that is not text gives a log with a note.
///
/// ```
/// let log = "2024-01-01T00:00:00.0000000Z ##[group]Run pytest\n\
///            2024-01-01T00:00:00.0000000Z \u{1b}[36;1mpytest\u{1b}[0m\n\
///            2024-01-01T00:00:00.0000000Z shell: /usr/bin/bash -e {0}\n\
///            2024-01-01T00:00:00.0000000Z ##[endgroup]\n\
///            2024-01-01T00:00:00.0000000Z 1 failed in 0.1s\n\
///            2024-01-01T00:00:00.0000000Z ##[error]Process completed with exit code 1.\n";
/// let log = repair_fixers::logs::read(log.as_bytes()).unwrap();
/// assert_eq!(log.steps[0].command.as_deref(), Some("pytest"));
/// assert_eq!(log.steps[0].outcome, repair_core::StepOutcome::Failed(Some(1)));
/// ```
pub fn read(mut input: impl BufRead) -> io::Result<Log> {
    let mut sample = Vec::new();
    input.by_ref().take(SAMPLE).read_to_end(&mut sample)?;
    if let Some(note) = not_text(&sample) {
        let mut log = Log::default();
        log.notes.push(format!("not a log: {note}"));
        return Ok(log);
    }
    let mut steps = Steps::default();
    let mut lines = Lines::new(Cursor::new(sample).chain(input));
    while let Some(line) = lines.next()? {
        steps.raw_line(&line);
    }
    Ok(steps.finish())
}

/// The lines of plain output, cleaned in the same way.
pub(super) fn plain(text: &str) -> Output {
    let mut output = Output::default();
    let mut scratch = Vec::new();
    for (index, line) in text.lines().enumerate() {
        output.push(index as u64 + 1, &clean::clean(line.as_bytes(), &mut scratch));
    }
    output
}

/// Why the beginning of an input shows that it is no text.
fn not_text(sample: &[u8]) -> Option<&'static str> {
    let zeros = memchr::memchr_iter(0, sample).count();
    match sample {
        sample if sample.iter().all(u8::is_ascii_whitespace) && sample.len() < SAMPLE as usize => Some("it is empty"),
        [b'P', b'K', 3 | 5 | 7, ..] => Some("it is a zip archive"),
        [0x1f, 0x8b, ..] => Some("it is compressed"),
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Some("it is UTF-16"),
        sample if zeros * 100 > sample.len() => Some("it is binary"),
        _ => None,
    }
}
