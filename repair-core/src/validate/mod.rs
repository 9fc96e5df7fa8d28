//! Checking a change by running it.

mod verdict;

pub(crate) use verdict::Count;
pub use verdict::Verdict;

use crate::text::counted;
use crate::{Failure, Snapshot, TestCounts};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::time::Duration;

/// Runs checks on a snapshot and reports what it saw. It does not judge: see [`Verdict`].
#[async_trait]
pub trait Validator: Send + Sync {
    /// Its name, for the report.
    fn id(&self) -> &'static str;
    /// Runs the checks. An error means that they could not be made; it never counts against a fix.
    async fn validate(&self, request: ValidationRequest<'_>) -> Result<ValidationResult, ValidateError>;
}

/// What to run on what.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ValidationRequest<'a> {
    /// The repository as it would be.
    pub snapshot: &'a Snapshot,
    /// How much to run.
    pub scope: Scope<'a>,
}

impl<'a> ValidationRequest<'a> {
    /// Everything that failed, in full.
    pub fn full(snapshot: &'a Snapshot) -> Self {
        Self { snapshot, scope: Scope::Full }
    }

    /// Only what tells whether `failures` are gone.
    pub fn targeted(snapshot: &'a Snapshot, failures: &'a [Failure]) -> Self {
        Self { snapshot, scope: Scope::Targeted(failures) }
    }
}

/// How much to run.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    /// Only what tells whether these failures are gone: a few tests, a few files.
    Targeted(&'a [Failure]),
    /// Every check in full.
    Full,
}

/// A command that must succeed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Check {
    /// A short name for the report.
    pub name: String,
    /// The command, for a shell that stops at the first error.
    pub command: String,
    /// The folder to run it in, relative to the repository; `None` is its top.
    pub working_directory: Option<String>,
    /// Variables to set.
    pub environment: BTreeMap<String, String>,
    /// Whether everything that it reports is to be repaired, and not only what was asked about.
    pub entire: bool,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Exit {
    /// With this exit code.
    Code(i32),
    /// Killed by this signal.
    Signal(i32),
    /// Killed since its time was up.
    TimedOut,
    /// Killed since it printed too much.
    TooMuchOutput,
}

impl Exit {
    /// Whether the check succeeded.
    pub fn success(self) -> bool {
        self == Self::Code(0)
    }
}

impl std::fmt::Display for Exit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Code(code) => write!(f, "exit {code}"),
            Self::Signal(signal) => write!(f, "signal {signal}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::TooMuchOutput => f.write_str("too much output"),
        }
    }
}

/// The tool of a failure that stands for output which nobody understood.
const UNREAD: &str = "shell";

/// What was seen of one check.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct CheckRun {
    /// The check's name.
    pub name: String,
    /// The command that ran, which may be narrower than the check's.
    pub command: String,
    /// Whether everything that it reports is to be repaired, and not only what was asked about.
    pub entire: bool,
    /// How it ended.
    pub exit: Exit,
    /// What failed.
    pub failures: Vec<Failure>,
    /// How many tests ran, where the output says so.
    pub counts: Option<TestCounts>,
    /// How long it took.
    pub duration: Duration,
    /// The end of what it printed.
    pub tail: String,
}

impl CheckRun {
    /// What was seen: the check failed if `exit` is not a success, whatever was read from its output.
    ///
    /// A failed check in whose output nothing was understood fails with one opaque failure, so that silence is never
    /// taken for success.
    pub fn new(
        check: &Check,
        command: impl Into<String>,
        exit: Exit,
        parsed: crate::Parsed,
        duration: Duration,
    ) -> Self {
        let mut failures = parsed.failures;
        if exit.success() {
            failures.clear();
        } else if failures.is_empty() {
            failures.push(Failure {
                message: Some(format!("`{}` ended with {exit}", check.name)),
                code: Some(exit.to_string()),
                ..Failure::new(crate::Category::Build, UNREAD)
            });
        }
        Self {
            name: check.name.clone(),
            command: command.into(),
            entire: check.entire,
            exit,
            failures,
            counts: parsed.counts,
            duration,
            tail: String::new(),
        }
    }

    /// How it ended, in a few words: `2 failures of 10 tests, exit 1 (0.3 s)`.
    pub fn summary(&self) -> String {
        let seconds = self.duration.as_secs_f64();
        let tests = self.counts.map(|counts| counted(usize::try_from(counts.run).unwrap_or_default(), "test"));
        match (self.exit.success(), tests) {
            (true, Some(tests)) => format!("passed, {tests} ({seconds:.1} s)"),
            (true, None) => format!("passed ({seconds:.1} s)"),
            (false, tests) => {
                let tests = tests.map(|tests| format!(" of {tests}")).unwrap_or_default();
                format!("{}{tests}, {} ({seconds:.1} s)", counted(self.failures.len(), "failure"), self.exit)
            }
        }
    }

    /// The same run with the end of its output.
    pub fn with_tail(self, tail: impl Into<String>) -> Self {
        Self { tail: tail.into(), ..self }
    }
}

/// What was seen of all checks.
#[derive(Debug, Clone, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ValidationResult {
    /// One per check that ran.
    pub runs: Vec<CheckRun>,
    /// Where they ran: the sandbox and its limits, as a sentence fragment.
    pub environment: String,
    /// Whether every check ran in full.
    pub complete: bool,
}

impl ValidationResult {
    /// What was seen of checks that all ran in full, and where.
    pub fn new(runs: Vec<CheckRun>, environment: impl Into<String>) -> Self {
        Self { runs, environment: environment.into(), complete: true }
    }

    /// The same of checks of which some were narrowed to what was asked for.
    pub fn narrowed(self) -> Self {
        Self { complete: false, ..self }
    }

    /// Every failure of every check.
    pub fn failures(&self) -> impl Iterator<Item = &Failure> {
        self.runs.iter().flat_map(|run| &run.failures)
    }

    /// Whether every check succeeded.
    pub fn success(&self) -> bool {
        self.runs.iter().all(|run| run.exit.success())
    }
}

/// Why checks could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ValidateError {
    /// There is nothing to run.
    #[error("there is no check to run: the log names no command that can be repeated; give one with `--check`")]
    NoCheck,
    /// What is needed to run them is not there.
    #[error("{0}")]
    Unavailable(String),
    /// The system did not let them run.
    #[error("the check could not be run: {0}")]
    System(#[source] std::io::Error),
    /// The caller asked to stop.
    #[error("interrupted")]
    Interrupted,
}
