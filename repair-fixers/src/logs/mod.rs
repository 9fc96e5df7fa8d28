//! Reads logs: cuts them into steps, finds what failed in each.

mod lint;
mod paths;
mod read;

pub use read::read;

use repair_core::{Failure, Log, LogParser, OutputReader, Parsed, StepOutcome, TestCounts};

/// What a log says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whether the job failed.
    pub conclusion: Conclusion,
    /// One per cause, in the order of the log.
    pub failures: Vec<Failure>,
    /// How many tests ran, where the log says so.
    pub counts: Option<TestCounts>,
    /// What the reader and the parsers have to say.
    pub notes: Vec<String>,
}

/// Whether a job failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Conclusion {
    /// It failed.
    Failed,
    /// It passed.
    Passed,
    /// The log does not say.
    Unknown,
}

/// Says what failed, one failure per cause.
pub fn diagnose(log: &Log) -> Diagnosis {
    let parsers = parsers();
    let mut failures = Vec::new();
    for step in log.steps.iter().filter(|step| step.outcome != StepOutcome::Passed) {
        failures.extend(parsers.iter().flat_map(|parser| parser.parse(step).failures));
    }
    let failed = log.steps.iter().any(|step| matches!(step.outcome, StepOutcome::Failed(_)));
    let conclusion = if failed { Conclusion::Failed } else { Conclusion::Unknown };
    Diagnosis { conclusion, failures, counts: None, notes: log.notes.clone() }
}

/// Every parser.
pub fn parsers() -> Vec<Box<dyn LogParser>> {
    lint::parsers()
}

/// Reads the output of a check with the parsers that read logs.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckReader;

impl OutputReader for CheckReader {
    fn read(&self, _command: &str, _output: &str, _exit: Option<i32>) -> Parsed {
        Parsed::default()
    }
}
