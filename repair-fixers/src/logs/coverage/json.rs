//! The JSON of `coverage json`.

use super::{CoverageError, Lines, Report};
use serde::Deserialize;
use serde_json::error::Category;
use std::collections::BTreeMap;
use std::io::BufRead;

/// The largest file that is read: all lines of it are in memory once.
const MOST_BYTES: u64 = 64 << 20;

#[derive(Deserialize)]
struct Document {
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct File {
    executed_lines: Vec<u32>,
    missing_lines: Vec<u32>,
}

/// Reads a report.
pub(super) fn read(input: impl BufRead, report: &mut Report) -> Result<(), CoverageError> {
    let mut input = input.take(MOST_BYTES);
    let document = serde_json::from_reader(&mut input);
    if input.limit() == 0 {
        return Err(CoverageError::Size(MOST_BYTES));
    }
    let document: Document = document.map_err(explained)?;
    for (path, file) in document.files {
        let mut lines = Lines::default();
        file.executed_lines.into_iter().for_each(|line| lines.add(line, true));
        file.missing_lines.into_iter().for_each(|line| lines.add(line, false));
        report.add(&path, lines)?;
    }
    Ok(())
}

fn explained(error: serde_json::Error) -> CoverageError {
    match error.classify() {
        Category::Io => CoverageError::Io(error.into()),
        Category::Eof => CoverageError::Truncated,
        // Well-formed, but another tool's.
        Category::Data => CoverageError::Form,
        Category::Syntax => CoverageError::Json(error.to_string()),
    }
}
