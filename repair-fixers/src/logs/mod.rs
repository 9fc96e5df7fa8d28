//! Reads logs: cuts them into steps, finds what failed in each.

mod command;
mod consequence;
pub mod coverage;
mod crash;
mod diagnose;
mod dispatch;
mod doctest;
mod exception;
mod external;
mod failed_step;
mod fault;
#[cfg(test)]
mod forms;
mod gate;
mod infrastructure;
pub mod junit;
mod lint;
mod merge;
mod needles;
mod opaque;
mod paths;
mod printed;
mod pytest;
mod python;
mod read;
pub mod results;
mod roots;
mod services;
mod stestr;
mod traceback;
mod unittest;
#[cfg(test)]
mod wrappers;
mod xml;
mod zope;

pub use diagnose::diagnose;
pub use failed_step::FailedStep;
pub use read::{Part, Reader, parts, read};
pub use xml::XmlError;

use repair_core::{Failure, LogParser, OutputReader, Parsed, Step, StepOutcome, TestCounts};

/// What a log says.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Diagnosis {
    /// Whether the job failed.
    pub conclusion: Conclusion,
    /// One per cause, in the order of the log.
    pub failures: Vec<Failure>,
    /// The steps in which something failed, in the order of the log.
    pub failed_steps: Vec<FailedStep>,
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

/// Every parser.
pub fn parsers() -> Vec<Box<dyn LogParser>> {
    let mut parsers: Vec<Box<dyn LogParser>> = vec![
        Box::new(pytest::Pytest),
        Box::new(unittest::Unittest),
        Box::new(doctest::Doctest),
        Box::new(stestr::Stestr),
        Box::new(zope::Zope),
        Box::new(infrastructure::Runner),
    ];
    parsers.extend(lint::parsers());
    parsers
}

/// Reads the output of a check with the parsers that read logs.
#[derive(Debug, Clone, Copy, Default)]
pub struct CheckReader;

impl OutputReader for CheckReader {
    fn read(&self, command: &str, output: &str, exit: Option<i32>) -> Parsed {
        let mut step = Step::default();
        step.command = Some(command.to_owned());
        step.output = read::plain(output);
        step.outcome = match exit {
            Some(0) => StepOutcome::Passed,
            Some(code) => StepOutcome::Failed(Some(code)),
            None => StepOutcome::Unknown,
        };
        let reading = diagnose::read_step(&step);
        let mut parsed = reading.parsed;
        let mut merged = merge::Merged::default();
        let found = std::mem::take(&mut parsed.failures).into_iter().chain(reading.opaque);
        found.filter(|_| exit != Some(0)).for_each(|failure| _ = merged.add(failure));
        parsed.failures = merged.finish();
        parsed.passed |= exit == Some(0);
        parsed
    }
}
