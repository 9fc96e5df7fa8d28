//! LCOV's lines: `SF:` names a file, `DA:` tells how often a line ran, `end_of_record` ends the file.

use super::{CoverageError, LONGEST_PATH, Lines, Report};
use std::io::{BufRead, Read};

/// The largest file that is read.
const MOST_BYTES: u64 = 64 << 20;
/// How much of a line is looked at.
const LONGEST_LINE: usize = LONGEST_PATH + 16;
/// How the first line begins.
const STARTS: [&str; 2] = ["TN:", "SF:"];

/// Reads a report.
pub(super) fn read(input: impl BufRead, report: &mut Report) -> Result<(), CoverageError> {
    let mut input = input.take(MOST_BYTES);
    let mut open: Option<(String, Lines)> = None;
    let mut first = true;
    let mut buffer = Vec::new();
    while next_line(&mut input, &mut buffer)? {
        let line = String::from_utf8_lossy(&buffer);
        let line = line.trim();
        if std::mem::take(&mut first) && !STARTS.iter().any(|start| line.starts_with(start)) {
            return Err(CoverageError::Form);
        }
        if let Some(path) = line.strip_prefix("SF:") {
            close(&mut open, report)?;
            open = Some((path.to_owned(), Lines::default()));
        } else if let (Some(data), Some((_, lines))) = (line.strip_prefix("DA:"), &mut open) {
            let mut fields = data.split(',');
            let number = fields.next().and_then(|number| number.trim().parse().ok());
            lines.add(number.unwrap_or_default(), is_hit(fields.next().unwrap_or_default()));
        } else if line == "end_of_record" {
            close(&mut open, report)?;
        }
    }
    match (input.limit(), open) {
        (0, _) => Err(CoverageError::Size(MOST_BYTES)),
        (_, Some(_)) => Err(CoverageError::Truncated),
        (_, None) => Ok(()),
    }
}

fn close(open: &mut Option<(String, Lines)>, report: &mut Report) -> Result<(), CoverageError> {
    open.take().map_or(Ok(()), |(path, lines)| report.add(&path, lines))
}

/// Reads the next line, cut to what is looked at; whether there is one.
fn next_line(input: &mut impl BufRead, line: &mut Vec<u8>) -> Result<bool, CoverageError> {
    line.clear();
    let read = input.by_ref().take(LONGEST_LINE as u64).read_until(b'\n', line)?;
    if read == LONGEST_LINE && line.last() != Some(&b'\n') {
        input.skip_until(b'\n')?;
    }
    Ok(read > 0)
}

/// Whether a count says that a line ran.
pub(super) fn is_hit(count: &str) -> bool {
    count.trim().parse().is_ok_and(|count: f64| count > 0.0)
}
