//! Findings for tests.

use super::findings::Detection;
use repair_core::{Category, Failure, Log, RepoPath};
use repair_fixers::logs::{diagnose, read};

/// A failure of a tool named `tool`.
pub(super) fn failure(category: Category, path: Option<&str>, line: Option<u32>) -> Failure {
    let mut failure = Failure::new(category, "tool");
    failure.path = path.map(|path| RepoPath::new(path).expect("a path in the repository"));
    failure.line = line;
    failure.message = Some("it is wrong".to_owned());
    failure
}

/// What is told of `failures`.
pub(super) fn detection(failures: Vec<Failure>) -> Detection {
    let mut diagnosis = diagnose(&Log::default());
    diagnosis.failures = failures;
    Detection { log: Log::default(), diagnosis, compared: None, name: "ci.log".to_owned() }
}

/// What is told of the log `text`.
pub(super) fn detected(text: &str) -> Detection {
    let log = read(text.as_bytes()).expect("a log");
    Detection { diagnosis: diagnose(&log), log, compared: None, name: "ci.log".to_owned() }
}
