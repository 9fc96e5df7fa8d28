//! Cuts a log into steps, whatever form it has.
//!
//! ```text
//! bytes ─ lines ─▶ line, cut ─ prefix ─▶ job, step, text ─ clean ─▶ text ─ steps ─▶ Log
//! ```
//!
//! One pass; what is kept is bounded, see [`keep`] and [`steps`].

pub(super) mod archive;
mod clean;
mod clock;
mod controls;
mod decode;
mod ending;
mod form;
mod header;
mod keep;
mod lines;
mod numbers;
mod outcome;
mod packages;
mod parts;
mod posts;
mod prefix;
mod python;
mod reader;
#[cfg(test)]
mod reader_tests;
mod runner;
mod seek;
mod steps;
#[cfg(test)]
mod tests;

pub use parts::{Part, parts};
pub use reader::Reader;

use repair_core::{Log, Output};
use std::io::{self, BufRead};

/// Cuts a log into steps, in one pass and bounded memory.
///
/// Raw job logs of GitHub Actions (timestamps, groups), `gh run view --log`, text copied from the web view, Travis
/// folds and plain output are told apart line by line. UTF-16 is read like UTF-8, gzip is unpacked on the way, and a zip
/// archive is read as the logs of a whole run. Input that is none of these gives a log with a note.
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
pub fn read(input: impl BufRead) -> io::Result<Log> {
    let mut reader = Reader::default();
    reader.read(&Part::default(), input)?;
    Ok(reader.finish())
}

/// The lines of plain output, cleaned in the same way.
pub(super) fn plain(text: &str) -> Output {
    let mut output = Output::default();
    let mut scratch = Vec::new();
    for (index, line) in text.lines().enumerate() {
        output.push(index as u64 + 1, &clean::clean(line.as_bytes(), true, &mut scratch));
    }
    output
}
