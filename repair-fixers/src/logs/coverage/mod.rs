//! Coverage reports: which lines no test reached.
//!
//! ```text
//! Cobertura XML, coverage.py's JSON, LCOV ─ read ─▶ Report (as written) ─ join ─▶ Coverage (of the repository) ─▶ note
//! ```

mod cobertura;
mod error;
mod join;
mod json;
mod lcov;
mod lines;
mod note;
#[cfg(test)]
mod tests;

pub use error::CoverageError;
pub use lines::Lines;

use repair_core::{Log, RepoPath};
use std::collections::BTreeMap;
use std::io::BufRead;

/// The most lines that a report may have; a file counts as [`OF_FILE`] more.
pub(super) const MOST_LINES: usize = 2_000_000;
/// How many lines a file counts as.
const OF_FILE: usize = 50;
/// The longest path that is believed.
const LONGEST_PATH: usize = 1024;

/// A coverage report as a tool wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    name: String,
    /// The folders that its paths may start from.
    sources: Vec<String>,
    /// By their paths as they are written.
    files: BTreeMap<String, Lines>,
    lines: usize,
    left_out: usize,
}

/// What reports say together of the repository's files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coverage {
    /// What the reports are called.
    pub name: String,
    /// The files, of which none is outside of the repository.
    pub files: BTreeMap<RepoPath, Lines>,
    /// How many files lie elsewhere, and are not counted.
    pub left_out: usize,
}

/// Reads a report, in one pass and bounded memory, never following an entity or a link. `name` is only what it is called.
///
/// Cobertura XML, the JSON of `coverage json` and LCOV are told apart by how they begin.
pub fn read(name: &str, mut input: impl BufRead) -> Result<Report, CoverageError> {
    let mut report = Report { name: file_name(name).to_owned(), ..Report::default() };
    match first_letter(&mut input)? {
        None => return Err(CoverageError::Empty),
        Some(b'<') => cobertura::read(input, &mut report)?,
        Some(b'{') => json::read(input, &mut report)?,
        Some(_) => lcov::read(input, &mut report)?,
    }
    Ok(report)
}

/// What `reports` say together of the repository's files: a line that is covered in one of them is covered.
///
/// `log` tells where the repository lies in absolute paths, and `is_file` whether the repository has a file, where that
/// is known.
pub fn join(reports: &[Report], log: &Log, is_file: &dyn Fn(&RepoPath) -> bool) -> Coverage {
    join::join(reports, log, is_file)
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The first byte that is no space, without those and a byte order mark before it.
fn first_letter(input: &mut impl BufRead) -> Result<Option<u8>, CoverageError> {
    if input.fill_buf()?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    for _ in 0..LONGEST_PATH {
        match input.fill_buf()?.first() {
            Some(byte) if byte.is_ascii_whitespace() => input.consume(1),
            first => return Ok(first.copied()),
        }
    }
    Err(CoverageError::Form)
}

impl Report {
    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How much memory it needs, in lines.
    pub(super) fn size(&self) -> usize {
        self.lines + self.files.len() * OF_FILE
    }

    /// Adds what is said of a file.
    fn add(&mut self, path: &str, lines: Lines) -> Result<(), CoverageError> {
        if path.is_empty() || path.len() > LONGEST_PATH {
            self.left_out += 1;
            return Ok(());
        }
        self.lines += lines.measured();
        self.files.entry(path.to_owned()).or_default().join(lines);
        if self.size() > MOST_LINES { Err(CoverageError::Lines(MOST_LINES)) } else { Ok(()) }
    }
}

impl Coverage {
    /// How many lines could be reached.
    pub fn measured(&self) -> usize {
        self.files.values().map(Lines::measured).sum()
    }

    /// How many of them no test reached.
    pub fn missing(&self) -> usize {
        self.files.values().map(Lines::missing).sum()
    }

    /// The total, and where most is missing, as one sentence; nothing if no line was measured.
    pub fn note(&self) -> Option<String> {
        note::of(self)
    }
}
