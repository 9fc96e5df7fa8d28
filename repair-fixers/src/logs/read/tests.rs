//! Logs of every form, cut into steps.

use super::read;
use proptest::prelude::*;
use repair_core::{Log, Step, StepOutcome};
use std::io::BufReader;

fn log(text: &str) -> Log {
    read(text.as_bytes()).unwrap()
}

/// Puts a timestamp before each line.
fn stamped(text: &str) -> String {
    text.lines().map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\r\n")).collect()
}

fn output(step: &Step) -> Vec<&str> {
    step.output.iter().collect()
}

fn names(log: &Log) -> Vec<(Option<&str>, StepOutcome)> {
    log.steps.iter().map(|step| (step.name.as_deref(), step.outcome)).collect()
}

const RAW: &str = "Current runner version: '2.317.0'
##[group]Operating System
Ubuntu
##[endgroup]
Complete job name: tests (3.11)
##[group]Run actions/setup-python@v5
with:
  python-version: 3.11
env:
  A: 1
##[endgroup]
Successfully set up CPython (3.11.7)
##[group]Run pip install -e .
\u{1b}[36;1mpip install -e .\u{1b}[0m
\u{1b}[36;1mshell: is a word\u{1b}[0m
shell: /usr/bin/bash -e {0}
env:
  pythonLocation: /opt/hostedtoolcache/Python/3.11.7/x64
##[endgroup]
Obtaining file:///home
##[group]Run pytest -q
\u{1b}[36;1mpytest -q\u{1b}[0m
shell: /usr/bin/bash -e {0}
env:
  pythonLocation: /opt/hostedtoolcache/Python/3.11.7/x64
  TEXT: one
two
##[endgroup]
##[group]Installed
x
##[endgroup]
\u{1b}[31mFAILED\u{1b}[0m test_a.py::test_b
##[error]Process completed with exit code 1.
Post job cleanup.
[command]/usr/bin/git version
Cleaning up orphan processes";

#[test]
fn a_raw_log_is_cut_into_its_steps() {
    let log = log(&stamped(RAW));
    let expected = [
        (Some("Set up job"), StepOutcome::Passed),
        (Some("Run actions/setup-python@v5"), StepOutcome::Passed),
        (Some("Run pip install -e ."), StepOutcome::Passed),
        (Some("Run pytest -q"), StepOutcome::Failed(Some(1))),
        (Some("Post job cleanup"), StepOutcome::Passed),
        (Some("Complete job"), StepOutcome::Passed),
    ];
    assert_eq!(names(&log), expected);
    assert!(log.steps.iter().all(|step| step.job.as_deref() == Some("tests (3.11)")));
    let install = &log.steps[2];
    assert_eq!(install.command.as_deref(), Some("pip install -e .\nshell: is a word"));
    assert!(install.output.is_empty(), "the output of a step that passed is not kept");
    let tests = &log.steps[3];
    assert_eq!(tests.command.as_deref(), Some("pytest -q"));
    assert_eq!(tests.shell.as_deref(), Some("/usr/bin/bash -e {0}"));
    assert_eq!(tests.environment["TEXT"], "one\ntwo");
    assert_eq!(tests.python.as_deref(), Some("3.11.7"));
    let lines = ["Installed", "x", "FAILED test_a.py::test_b", "##[error]Process completed with exit code 1."];
    assert_eq!(output(tests), lines);
    assert_eq!(tests.output.number(2), 32);
}

#[test]
fn two_jobs_in_one_file_are_two_jobs() {
    let log = log(&stamped(&format!("{RAW}\n{}", RAW.replace("3.11", "3.12"))));
    let failed: Vec<_> = log.steps.iter().filter(|step| matches!(step.outcome, StepOutcome::Failed(_))).collect();
    assert_eq!(failed.len(), 2);
    assert_eq!((failed[0].job.as_deref(), failed[0].python.as_deref()), (Some("tests (3.11)"), Some("3.11.7")));
    assert_eq!((failed[1].job.as_deref(), failed[1].python.as_deref()), (Some("tests (3.12)"), Some("3.12.7")));
}

#[test]
fn a_group_that_a_program_prints_is_no_step() {
    let log = log(&stamped("##[group]Run the tests\ncollected 3\n##[endgroup]\n3 passed"));
    assert_eq!(log.steps.len(), 1);
    assert_eq!(output(&log.steps[0]), ["Run the tests", "collected 3", "3 passed"]);
}

#[test]
fn an_action_fails_with_an_error_at_its_end() {
    let action = "##[group]Run actions/checkout@v4\nwith:\n  ref: x\n##[endgroup]\n";
    let failed = log(&stamped(&format!("{action}##[error]could not fetch\nPost job cleanup.")));
    assert_eq!(failed.steps[0].outcome, StepOutcome::Failed(None));
    let unsure = log(&stamped(&format!("{action}##[error]careful\ndone\nPost job cleanup.")));
    assert_eq!(unsure.steps[0].outcome, StepOutcome::Unknown);
    let passed = log(&stamped(&format!("{action}done\nPost job cleanup.")));
    assert_eq!(passed.steps[0].outcome, StepOutcome::Passed);
}

#[test]
fn the_clients_form_names_job_and_step() {
    let line = |job: &str, step: &str, text: &str| format!("{job}\t{step}\t2024-07-16T20:33:23.0572170Z {text}\n");
    let text = [
        line("test", "Set up Python", "##[group]Run actions/setup-python@v5"),
        line("test", "Set up Python", "##[endgroup]"),
        line("test", "Set up Python", "ok"),
        line("test", "Tests", "##[group]Run pytest"),
        line("test", "Tests", "\u{1b}[36;1mpytest\u{1b}[0m"),
        line("test", "Tests", "shell: bash"),
        line("test", "Tests", "##[endgroup]"),
        line("test", "Tests", "1 failed"),
        line("test", "Tests", "##[error]Process completed with exit code 1."),
        line("lint", "Ruff", "All checks passed!"),
        line("lint", "Complete job", "Cleaning up orphan processes"),
    ];
    let log = log(&text.concat());
    let expected = [
        (Some("Set up Python"), StepOutcome::Passed),
        (Some("Tests"), StepOutcome::Failed(Some(1))),
        (Some("Ruff"), StepOutcome::Passed),
        (Some("Complete job"), StepOutcome::Passed),
    ];
    assert_eq!(names(&log), expected);
    assert_eq!(log.steps[1].command.as_deref(), Some("pytest"));
    assert_eq!(log.steps[2].job.as_deref(), Some("lint"));
}

#[test]
fn text_copied_from_the_web_view_has_steps_too() {
    let log = log(
        "Run pip install x\n  pip install x\n  shell: bash\nok\nRun pytest\n  pytest \\\n    -q\n  shell: bash\n  env:\n    \
         pythonLocation: /opt/hostedtoolcache/Python/3.10.1/x64\n  indented\nRun of the mill\n  is output\nError: Process \
         completed with exit code 2.",
    );
    assert_eq!(
        names(&log),
        [(Some("Run pip install x"), StepOutcome::Passed), (Some("Run pytest"), StepOutcome::Failed(Some(2))),]
    );
    let tests = &log.steps[1];
    assert_eq!(tests.command.as_deref(), Some("pytest \\\n  -q"));
    assert_eq!(tests.python.as_deref(), Some("3.10.1"));
    let lines = ["  indented", "Run of the mill", "  is output", "Error: Process completed with exit code 2."];
    assert_eq!(output(tests), lines);
}

#[test]
fn travis_folds_are_steps() {
    let log = log(
        "travis_fold:start:install\r\u{1b}[0Ktravis_time:start:1\r\u{1b}[0K$ pip install x\nok\ntravis_time:end:1:start=1\r\u{1b}[0K\n\
         travis_fold:end:install\r\u{1b}[0Ktravis_time:start:2\r\u{1b}[0K$ pytest\n$ not a command\n1 failed\n\
         travis_time:end:2:start=1\r\u{1b}[0K\n\u{1b}[31;1mThe command \"pytest\" exited with 1.\u{1b}[0m\n\
         travis_time:start:3\r\u{1b}[0K$ flake8\nThe command \"flake8\" exited with 0.\n\nDone. Your build exited with 1.",
    );
    let outcomes: Vec<_> = log.steps.iter().map(|step| (step.command.as_deref(), step.outcome)).collect();
    assert_eq!(
        outcomes[..3],
        [
            (Some("pip install x"), StepOutcome::Passed),
            (Some("pytest"), StepOutcome::Failed(Some(1))),
            (Some("flake8"), StepOutcome::Passed),
        ]
    );
    assert_eq!(output(&log.steps[1]), ["$ not a command", "1 failed"]);
}

#[test]
fn plain_output_is_one_step() {
    let log = log("a\n\u{1b}[1mb\u{1b}[0m\n");
    assert_eq!(names(&log), [(None, StepOutcome::Unknown)]);
    assert_eq!(output(&log.steps[0]), ["a", "b"]);
    let circle = read("x\nExited with code exit status 127\n".as_bytes()).unwrap();
    assert_eq!(circle.steps[0].outcome, StepOutcome::Failed(Some(127)));
}

#[test]
fn what_is_no_log_gives_a_note() {
    for input in [&b""[..], b" \n", b"PK\x03\x04zip", b"\x1f\x8bgz", b"\0\0\0\0binary"] {
        let log = read(input).unwrap();
        assert!(log.steps.is_empty() && log.notes[0].starts_with("not a log: "), "{:?}", log.notes);
    }
}

#[test]
fn a_long_step_keeps_its_beginning_and_end() {
    let mut text = String::new();
    for number in 0..300_000 {
        text.push_str(&format!("line {number} of a step that never comes to its end\n"));
    }
    let log = log(&text);
    let kept = &log.steps[0].output;
    assert!(kept.bytes() < 9 << 20 && kept.bytes() > 4 << 20, "{}", kept.bytes());
    assert!(kept.line(kept.len() - 1).starts_with("line 299999 "));
    assert_eq!(log.notes.len(), 1);
}

/// Marks of many systems.
const MARKS: &[&str] = &[
    "Running with gitlab-runner 16.5.0 (8)",
    "\u{1b}[32;1m$ pytest",
    "$ pytest",
    "Executing \"step_script\" stage of the job script",
    "Cleaning up project directory and file based variables",
    "Job succeeded",
    "ERROR: Job failed: exit code 1",
    "#!/bin/bash -eo pipefail",
    "##[section]Starting: x",
    "##[section]Finishing: x",
    "Script contents:",
    "========================== Starting Command Output ===========================",
    "[Pipeline] sh",
    "[Pipeline] { (x)",
    "[Pipeline] }",
    "+ pytest",
    "ERROR: script returned exit code 1",
    "Finished: SUCCESS",
    "Finished: FAILURE",
    "~~~ Running commands",
    "🚨 Error: The command exited with status 1",
    "[rtd-command-info] start-time: a, end-time: b, duration: 1, exit-code: 1",
    "[CI/tests] ⭐ Run Main x",
    "[CI/tests]   | é",
    "[CI/tests]   ❌  Failure - Main x",
    "[CI/tests] 🏁  Job succeeded",
    "[tests:L1:2s] x",
    "Step 1/2 : RUN x",
    "#10 1.23 x",
    "------",
    " > [1/2] RUN x:",
    "1.23 x",
    "me@host:~$ x",
    "Post job cleanup.",
    "Current runner version: '2'",
    "2024-05-22T12:43:46.962646Z 00O x",
];

proptest! {
    #[test]
    fn marks_in_any_order_are_read(lines in proptest::collection::vec(prop::sample::select(MARKS), 0..40)) {
        let log = read(lines.join("\n").as_bytes()).unwrap();
        crate::logs::diagnose(&log);
        prop_assert!(log.steps.iter().all(|step| step.outcome != StepOutcome::Passed || step.output.is_empty()));
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        read(&bytes[..]).unwrap();
    }

    #[test]
    fn pieces_give_the_same_log(
        lines in proptest::collection::vec(prop_oneof![
            Just("##[group]Run pytest".to_owned()), Just("\u{1b}[36;1mpytest\u{1b}[0m".to_owned()),
            Just("shell: bash".to_owned()), Just("##[endgroup]".to_owned()), Just("Run pytest".to_owned()),
            Just("  shell: bash".to_owned()), Just("##[error]Process completed with exit code 1.".to_owned()),
            Just("travis_fold:start:a\r\u{1b}[0K$ x".to_owned()),
            prop::sample::select(MARKS).prop_map(str::to_owned), "[ -~\r\t\u{1b}é]{0,40}",
        ], 0..30),
        stamp in any::<bool>(),
        capacity in 1usize..16,
    ) {
        let text = if stamp { stamped(&lines.join("\n")) } else { lines.join("\n") };
        let whole = read(text.as_bytes()).unwrap();
        let pieces = read(BufReader::with_capacity(capacity, text.as_bytes())).unwrap();
        prop_assert_eq!(format!("{whole:?}"), format!("{pieces:?}"));
    }
}
