//! JUnit XML, as pytest, unittest-xml-reporting, nose and others write it: better than a log where there is one.
//!
//! ```text
//! XML ─ xml ─▶ Case (what failed) ─ id, failure ─▶ Failure ─ join ─▶ Diagnosis (with what else the log says)
//! ```

mod error;
mod failure;
mod id;
mod join;
#[cfg(test)]
mod tests;
mod xml;

pub use error::JunitError;

use super::Diagnosis;
use repair_core::{Log, RepoPath, TestCounts};
use std::io::BufRead;

/// What a JUnit file says: the tests that failed, and how many there were.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    cases: Vec<Case>,
    counts: TestCounts,
    flaky: u64,
    left_out: u64,
    last: Option<(String, String)>,
}

/// A test that failed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Case {
    suite: String,
    class: String,
    name: String,
    file: Option<String>,
    /// 0-based, as pytest counts here.
    line: Option<u32>,
    skipped: bool,
    flaky: bool,
    problems: Vec<Problem>,
}

/// A failure or an error of a test.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Problem {
    error: bool,
    kind: Option<String>,
    message: Option<String>,
    text: String,
}

/// Reads a JUnit file, in one pass, in memory that its failures decide, never following an entity or a link.
pub fn read(input: impl BufRead) -> Result<Report, JunitError> {
    xml::read(input)
}

/// What `reports` and the log say together; without a log, a default one and its diagnosis.
///
/// Where a test failed in both, the report is believed, and the log adds where it says so. What else failed in the log
/// stays. `is_file` says whether the repository has a file, where that is known: it helps to tell modules from classes.
pub fn join(log: &Log, diagnosis: Diagnosis, reports: &[Report], is_file: &dyn Fn(&RepoPath) -> bool) -> Diagnosis {
    join::join(log, diagnosis, reports, is_file)
}

impl Report {
    /// How many tests ran, failed and were skipped.
    pub fn counts(&self) -> TestCounts {
        self.counts
    }

    /// Counts a test, and keeps it if it failed. pytest tells a test twice that fails and then cannot be torn down.
    fn add(&mut self, case: Case, most: usize) {
        let key = (case.class.clone(), case.name.clone());
        let again = self.last.as_ref() == Some(&key);
        let failed = !case.problems.is_empty();
        match (again, case.skipped && !failed) {
            (true, _) => {}
            (false, true) => self.counts.skipped += 1,
            (false, false) => self.counts.run += 1,
        }
        let told = again && self.cases.last().is_some_and(|last| (&last.class, &last.name) == (&key.0, &key.1));
        self.counts.failed += u64::from(failed && !told);
        self.flaky += u64::from(case.flaky && !failed);
        self.last = Some(key);
        if failed && self.cases.len() < most {
            self.cases.push(case);
        } else if failed {
            self.left_out += 1;
        }
    }
}
