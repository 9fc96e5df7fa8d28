//! stestr, which runs tests in several processes and shows what they captured.
//!
//! A test that fails is shown when it ends, and once more at the end of the run:
//!
//! ```text
//! {0} tests.test_a.TestA.test_b [0.001s] ... FAILED      tests.test_a.TestA.test_b
//!                                                        -------------------------
//! Captured traceback:
//! ~~~~~~~~~~~~~~~~~~~
//!     Traceback (most recent call last):
//! ```

use super::exception::{self, Exception};
use super::roots::Roots;
use super::traceback::{self, Frame};
use repair_core::{Failure, LogParser, Output, Parsed, Step, TestCounts};
use std::collections::HashSet;
use std::ops::Range;

/// Reads the output of stestr.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stestr;

impl LogParser for Stestr {
    fn id(&self) -> &'static str {
        "stestr"
    }

    fn needles(&self) -> &[&str] {
        &["] ... FAILED", " - output below:", "Sum of execute time for each test:"]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let output = &step.output;
        let mut parsed = Parsed::default();
        let mut roots = Roots::of(step);
        let frames: Vec<Frame> = output.iter().filter_map(traceback::frame).collect();
        roots.add_common(frames.iter().map(|frame| frame.path.as_str()));
        let starts: Vec<(usize, Option<&str>)> = starts(output);
        let ends = starts.iter().skip(1).map(|(index, _)| *index).chain([output.len()]);
        let mut seen = HashSet::new();
        for ((start, id), end) in starts.iter().zip(ends) {
            if let Some(id) = id.filter(|id| seen.insert(*id)) {
                parsed.failures.push(failure(output, id, *start..end, &roots));
            }
        }
        parsed.counts = counts(output);
        parsed.passed = parsed.failures.is_empty() && parsed.counts.is_some_and(|counts| counts.failed == 0);
        parsed
    }
}

/// Where something begins, and of which failing test it is.
fn starts(output: &Output) -> Vec<(usize, Option<&str>)> {
    let mut below = false;
    let mut starts = Vec::new();
    for index in 0..output.len() {
        let line = output.line(index);
        let ruled = |mark: char| index > 0 && is_rule(line, mark) && output.line(index - 1).len() == line.len();
        below |= line.starts_with("Failed ") && line.ends_with(" tests - output below:");
        if let Some((id, verdict)) = ended(line) {
            starts.push((index, Some(id).filter(|_| verdict == "FAILED")));
        } else if below && ruled('-') {
            starts.push((index - 1, Some(output.line(index - 1)).filter(|id| is_id(id))));
        } else if ruled('=') {
            starts.push((index - 1, None));
        }
    }
    starts
}

/// The test and the verdict of `{0} tests.test_a.TestA.test_b [0.001s] ... FAILED`.
fn ended(line: &str) -> Option<(&str, &str)> {
    let (worker, rest) = line.strip_prefix('{')?.split_once("} ")?;
    let (test, verdict) = rest.split_once("s] ... ")?;
    let (id, _) = test.rsplit_once(" [")?;
    (worker.parse::<u32>().is_ok() && is_id(id)).then(|| (id, verdict.trim()))
}

/// A dotted name, or the name and class of a fixture: `setUpClass (tests.test_a.TestA)`. A scenario follows in brackets.
fn is_id(text: &str) -> bool {
    let name = text.split(['(', '[']).next().unwrap_or(text).trim();
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
    name.split('.').all(word) && text.contains('.')
}

fn is_rule(line: &str, mark: char) -> bool {
    line.len() >= 3 && line.chars().all(|c| c == mark)
}

fn failure(output: &Output, id: &str, lines: Range<usize>, roots: &Roots) -> Failure {
    let id = match id.split_once(" (") {
        Some((name, class)) => format!("{}.{name}", class.trim_end_matches(')')),
        None => id.to_owned(),
    };
    let traceback = captured(output, lines.clone());
    let place = traceback.iter().flat_map(|(frames, _)| frames.iter().rev());
    let (path, line) = place.filter_map(|frame| Some((roots.relative(&frame.path)?, frame.line))).next().unzip();
    let exception = traceback.map(|(_, exception)| exception);
    let exception = exception.unwrap_or(Exception { class: "UnexpectedSuccess".to_owned(), message: String::new() });
    let category = exception::test_category(exception.code(), &exception.message, &[&id]);
    let mut failure = Failure::new(category, "stestr");
    exception::write(&mut failure, &exception);
    failure.test_id = Some(id);
    exception::place(&mut failure, path, line);
    let last = lines.clone().rev().find(|index| !output.line(*index).trim().is_empty()).unwrap_or(lines.start);
    failure.log_lines = Some((output.number(lines.start), output.number(last)));
    failure
}

/// The last traceback: an empty line stands above each frame and above the exception, and source lines are not indented.
fn captured(output: &Output, lines: Range<usize>) -> Option<(Vec<Frame>, Exception)> {
    let own = lines.clone().take_while(|index| !is_other(output.line(*index))).last()?;
    let trace = |index: &usize| output.line(*index).trim() == "Traceback (most recent call last):";
    let start = (lines.start..=own).rev().find(trace)?;
    let frames: Vec<(usize, Frame)> =
        (start + 1..=own).filter_map(|index| Some((index, traceback::frame(output.line(index))?))).collect();
    let below = frames.last().map_or(start + 1, |(index, _)| index + 2);
    let exception = (below..=own).find_map(|index| Exception::read(output.line(index)))?;
    Some((frames.into_iter().map(|(_, frame)| frame).collect(), exception))
}

/// The head of captured output, which may show tracebacks of its own.
fn is_other(line: &str) -> bool {
    line.starts_with("Captured ") && line.ends_with(':') && !line.starts_with("Captured traceback")
}

/// The numbers below `Totals`.
fn counts(output: &Output) -> Option<TestCounts> {
    let number = |name: &str| output.iter().rev().find_map(|line| line.strip_prefix(name)?.trim().parse::<u64>().ok());
    output.iter().rev().find(|line| line.starts_with("Sum of execute time for each test:"))?;
    let failed = number(" - Failed: ")? + number(" - Unexpected Success: ").unwrap_or(0);
    let run = number(" - Passed: ")? + number(" - Expected Fail: ").unwrap_or(0) + failed;
    Some(TestCounts { run, failed, skipped: number(" - Skipped: ").unwrap_or(0) })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "Captured traceback:\n~~~~~~~~~~~~~~~~~~~\n    Traceback (most recent call last):\n\n      File \
                         \"/home/runner/work/a/a/tests/test_a.py\", line 8, in test_b\n    self.assertEqual(1, 2)\n    \
                         ^^^^^^^^^^^^^^^^^^^^^^\n\n      File \"/usr/lib/python3.12/unittest/case.py\", line 885, in fail\n    \
                         raise self.failureException(msg)\n\n    AssertionError: 1 != 2\n\n";
    const TOTALS: &str = "======\nTotals\n======\nRan: 3 tests in 0.02 sec.\n - Passed: 1\n - Skipped: 1\n - Expected Fail: 0\n - \
                          Unexpected Success: 0\n - Failed: 1\nSum of execute time for each test: 0.0009 sec.\n";

    fn parse(text: &str) -> Parsed {
        let mut step = Step::default();
        step.output = text.lines().collect();
        crate::logs::dispatch::ask(Stestr, &step)
    }

    #[track_caller]
    fn check(text: &str) {
        let found = parse(text).failures;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].tool.as_str(), found[0].test_id.as_deref()), ("stestr", Some("tests.test_a.A.test_b")));
        assert_eq!((found[0].code.as_deref(), found[0].message.as_deref()), (Some("AssertionError"), Some("1 != 2")));
        assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("tests/test_a.py", Some(8)));
    }

    #[test]
    fn a_test_is_read_where_it_ends_or_at_the_end_of_the_run() {
        let ends = format!(
            "{{0}} tests.test_a.A.test_c [0.1s] ... ok\n{{1}} tests.test_a.A.test_b [0.1s] ... FAILED\n\n{TRACE}"
        );
        let last = format!(
            "\n==============================\nFailed 1 tests - output below:\n==============================\n\n\
             tests.test_a.A.test_b\n---------------------\n\n{TRACE}\n{TOTALS}"
        );
        check(&ends);
        check(&last);
        check(&format!("{ends}{last}"));
        assert_eq!(parse(&last).counts, Some(TestCounts { run: 2, failed: 1, skipped: 1 }));
    }

    #[test]
    fn what_a_test_captured_is_not_its_failure() {
        let logged = "Captured pythonlogging:\n~~~~~~~~~~~~~~~~~~~~~~~\n    Traceback (most recent call last):\n      File \
                      \"x.py\", line 1, in f\n    OSError: logged\n";
        check(&format!("{{1}} tests.test_a.A.test_b [0.1s] ... FAILED\n\n{TRACE}{logged}"));
    }

    #[test]
    fn fixtures_and_successes_against_expectation_have_names() {
        let found = parse("{0} setUpClass (tests.test_a.A) [0.0s] ... FAILED\n").failures;
        assert_eq!(found[0].test_id.as_deref(), Some("tests.test_a.A.setUpClass"));
        assert_eq!(found[0].code.as_deref(), Some("UnexpectedSuccess"));
    }

    #[test]
    fn a_run_that_passed_has_counts() {
        let parsed =
            parse(&format!("{{0}} tests.test_a.A.test_c [0.1s] ... ok\n{}", TOTALS.replace("Failed: 1", "Failed: 0")));
        assert!(parsed.failures.is_empty() && parsed.passed);
        assert!(parse("{0} a line [of s] ... FAILED").failures.is_empty());
    }
}
