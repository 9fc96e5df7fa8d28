//! What the tests of this module share, and tests over all readers.

use super::parsers;
use proptest::prelude::*;
use repair_core::{Failure, Parsed, Step, StepOutcome};

/// Everything that the readers say about a step that failed.
pub(super) fn parse(command: Option<&str>, log: &str) -> Parsed {
    parse_step(command, log, if command.is_some() { StepOutcome::Failed(Some(1)) } else { StepOutcome::Unknown })
}

fn parse_step(command: Option<&str>, log: &str, outcome: StepOutcome) -> Parsed {
    let mut step = Step::default();
    step.command = command.map(str::to_owned);
    step.output = log.lines().collect();
    step.outcome = outcome;
    let mut all = Parsed::default();
    for parsed in parsers().iter().map(|parser| parser.parse(&step)) {
        all.failures.extend(parsed.failures);
        all.passed |= parsed.passed;
    }
    all
}

/// `category tool CODE path:line:column message <subject>`, without what is not known.
pub(super) fn shown(failure: &Failure) -> String {
    let mut place = failure.path.as_ref().map(ToString::to_string).unwrap_or_default();
    for number in [failure.line, failure.column].into_iter().flatten() {
        place.push_str(&format!(":{number}"));
    }
    let parts = [
        failure.category.to_string(),
        failure.tool.clone(),
        failure.code.clone().unwrap_or_default(),
        place,
        failure.message.clone().unwrap_or_default(),
        failure.subject.as_ref().map(|subject| format!("<{subject}>")).unwrap_or_default(),
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Asserts what is found in a failed step.
#[track_caller]
pub(super) fn check(command: Option<&str>, log: &str, expected: &[&str]) {
    let found: Vec<_> = parse(command, log).failures.iter().map(shown).collect();
    assert_eq!(found, expected, "{log}");
}

/// Asserts that nothing is found.
#[track_caller]
pub(super) fn passes(command: Option<&str>, log: &str) {
    check(command, log, &[]);
}

#[test]
fn a_step_that_passed_has_no_failure() {
    let log = "a.py:1:1: F401 'os' imported but unused\nwould reformat a.py\na.py:1: error: x  [name-defined]\nFound 1 error in 1 file";
    assert!(parse(None, log).failures.len() >= 3);
    assert_eq!(parse_step(Some("make lint"), log, StepOutcome::Passed).failures, []);
}

#[test]
fn log_lines_are_those_of_the_log() {
    let failures = parse(Some("flake8"), "x\na.py:1:1: F401 'os' imported but unused").failures;
    assert_eq!(failures[0].log_lines, Some((2, 2)));
}

/// Pieces of which logs are made, so that arbitrary text comes near to what is read.
const PIECES: &[&str] = &[
    "a.py",
    ":",
    "1",
    " ",
    "error",
    " - error: ",
    "[",
    "]",
    "(",
    ")",
    "E501",
    "warning",
    "\t",
    "--> ",
    "`x`",
    "'",
    "\"",
    "{",
    "}",
    "would reformat ",
    "Found ",
    "errors",
    ".",
    "ERROR: ",
    "No matching distribution found for ",
    "× ",
    "╰─> ",
    "- hook id: ",
    "....Failed",
    "Fixing ",
    "File ",
    "line ",
    ", ",
    "::error ",
    "##[error]",
    "##vso[task.logissue ",
    ";code=",
    ">> Issue: ",
    "Location: ",
    "WARNING: ",
    "Because ",
    "error: ",
    "cannot format ",
    "Coverage failure: total of ",
    "==>",
    "************* Module a",
    "\n",
    "é",
    "💥",
    "Cannot parse",
    "Failed to parse ",
    "Warning, treated as error:",
    "invalid-syntax: ",
    "\"filename\":",
    "<failure message=\"",
    "Package ",
    "fatal error: ",
    "ed25519",
    "---",
    "+++",
    "@@",
    "treated as errors",
    "strict mode",
    "would be reformatted",
];

proptest! {
    #[test]
    fn nothing_panics_on_pieces_of_logs(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        for command in [None, Some("make lint"), Some("ruff check; black; mypy; pip install x; sphinx-build -W")] {
            parse(command, &pieces.concat());
        }
    }

    #[test]
    fn nothing_panics_on_arbitrary_text(text in "\\PC{0,200}\n\\PC{0,80}", command in "\\PC{0,40}") {
        parse(Some(&command), &text);
        parse(None, &text);
    }
}
