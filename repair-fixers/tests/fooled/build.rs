//! Logs to read, and what was found in them.

use repair_fixers::logs::{Conclusion, Diagnosis, diagnose, read};

/// A step that runs `command`, as GitHub's runner prints it; without an exit code it passed.
pub(crate) fn step(command: &str, output: &str, exit: Option<i32>) -> String {
    let end = exit.map_or(String::new(), |code| format!("##[error]Process completed with exit code {code}.\n"));
    let output = if output.is_empty() || output.ends_with('\n') { output.to_owned() } else { format!("{output}\n") };
    format!(
        "##[group]Run {command}\n\u{1b}[36;1m{command}\u{1b}[0m\nshell: /usr/bin/bash -e {{0}}\nenv:\n  pythonLocation: \
         /opt/hostedtoolcache/Python/3.11.7/x64\n##[endgroup]\n{output}{end}"
    )
}

/// A job of these steps, with timestamps.
pub(crate) fn job(steps: &[String]) -> String {
    let text = format!(
        "Current runner version: '2.317.0'\nComplete job name: test\n{}Post job cleanup.\nCleaning up orphan processes\n",
        steps.concat()
    );
    stamped(&text)
}

/// Puts a timestamp before each line.
pub(crate) fn stamped(text: &str) -> String {
    text.split_terminator('\n').map(|line| format!("2024-07-16T20:33:23.0572170Z {line}\n")).collect()
}

/// A job in which one step failed with this output.
pub(crate) fn failed(command: &str, output: &str) -> String {
    job(&[step(command, output, Some(1))])
}

/// A framed line of pytest.
pub(crate) fn rule(title: &str) -> String {
    format!("{:=^80}", format!(" {title} "))
}

/// A heading of pytest's failures.
pub(crate) fn heading(name: &str) -> String {
    format!("{:_^80}", format!(" {name} "))
}

/// A session of pytest in which `test_a.py::test_b` failed in line 3 with a `ValueError`, and printed something.
pub(crate) fn session(printed: &str) -> String {
    let captured = match printed {
        "" => String::new(),
        printed => format!("{:-^80}\n{}\n", " Captured stdout call ", printed.trim_end()),
    };
    format!(
        "{}\ncollected 2 items\n\ntest_a.py F.                                                              [100%]\n\n{}\n{}\n\n    \
         def test_b():\n>       raise ValueError(\"bad\")\nE       ValueError: bad\n\ntest_a.py:3: ValueError\n{captured}{}\nFAILED \
         test_a.py::test_b - ValueError: bad\n{}\n",
        rule("test session starts"),
        rule("FAILURES"),
        heading("test_b"),
        rule("short test summary info"),
        rule("1 failed, 1 passed in 0.12s"),
    )
}

/// What is found in a session that stands in a failed step, whatever was printed.
pub(crate) const SESSION: &str = "test ValueError test_a.py:3 test_a.py::test_b bad";

pub(crate) fn diagnosis(log: impl AsRef<[u8]>) -> Diagnosis {
    diagnose(&read(log.as_ref()).unwrap())
}

/// The failures, one a line: category, code, place, test, message; `-` for what is not known.
pub(crate) fn found(log: impl AsRef<[u8]>) -> Vec<String> {
    let text = |part: Option<&str>| part.unwrap_or("-").to_owned();
    let line = |failure: &repair_core::Failure| {
        let place = match (&failure.path, failure.line) {
            (Some(path), Some(line)) => format!("{path}:{line}"),
            (Some(path), None) => path.to_string(),
            _ => "-".to_owned(),
        };
        let code = text(failure.code.as_deref());
        let (test, message) = (text(failure.test_id.as_deref()), text(failure.message.as_deref()));
        format!("{} {code} {place} {test} {message}", failure.category)
    };
    diagnosis(log).failures.iter().map(line).collect()
}

/// Asserts what is found in a log.
#[track_caller]
pub(crate) fn check(log: impl AsRef<[u8]>, expected: &[&str]) {
    assert_eq!(found(log), expected);
}

/// Asserts that a log says that all is well.
#[track_caller]
pub(crate) fn check_passed(log: impl AsRef<[u8]>) {
    let diagnosis = diagnosis(log);
    assert_eq!(diagnosis.failures, []);
    assert_eq!(diagnosis.conclusion, Conclusion::Passed);
}
