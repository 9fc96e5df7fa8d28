//! zope.testrunner: `Error in test test_a (tests.test_m.TestM)` and the traceback below it.

use super::exception::{self, Exception};
use super::roots::Roots;
use super::traceback::{self, Frame};
use super::unittest::identity;
use repair_core::{Failure, LogParser, Output, Parsed, Phase, RepoPath, Step, TestCounts};
use std::collections::HashSet;

/// Before the name of a test that failed.
const TESTS: [&str; 2] = ["Error in test ", "Failure in test "];
/// Above the modules that could not be imported.
const MODULES: &str = "Test-module import failures:";

/// Reads the output of zope.testrunner.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Zope;

impl LogParser for Zope {
    fn id(&self) -> &'static str {
        "zope.testrunner"
    }

    fn needles(&self) -> &[&str] {
        &[TESTS[0], TESTS[1], MODULES, " tests with "]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let output = &step.output;
        let mut parsed = Parsed::default();
        let counts: Vec<TestCounts> = output.iter().filter_map(ran).collect();
        let mut roots = Roots::of(step);
        let frames: Vec<Frame> = output.iter().filter_map(traceback::frame).collect();
        roots.add_common(frames.iter().map(|frame| frame.path.as_str()));
        let mut importing = false;
        let mut seen = HashSet::new();
        for index in 0..output.len() {
            let line = output.line(index);
            importing = (importing || line == MODULES) && !line.starts_with("Running ");
            let (id, loading) = match (tested(line), line.strip_prefix("Module: ").filter(|_| importing)) {
                (Some(header), _) => identity(header),
                (None, Some(module)) => (module.trim().to_owned(), true),
                (None, None) => continue,
            };
            let shown = below(output, index + 1, &roots).filter(|_| seen.insert(id.clone()));
            parsed.failures.extend(shown.map(|shown| failure(output, (index, &id, loading), shown)));
        }
        for more in &counts {
            *parsed.counts.get_or_insert_default() += *more;
        }
        let sound = !counts.is_empty() && counts.iter().all(|counts| counts.failed == 0);
        parsed.passed = parsed.failures.is_empty() && sound;
        parsed
    }
}

fn tested(line: &str) -> Option<&str> {
    let header = TESTS.iter().find_map(|start| line.strip_prefix(start))?.trim();
    (!header.is_empty()).then_some(header)
}

/// The exception below a name, its place and its last line.
type Shown = (Exception, Option<(RepoPath, u32)>, usize);

/// What stands below a name: a traceback, of a module that does not compile without its first line.
fn below(output: &Output, start: usize, roots: &Roots) -> Option<Shown> {
    let said = |index: &usize| !output.line(*index).trim().is_empty();
    // A docstring may stand below the test's name.
    let trace = |index: &usize| output.line(*index).starts_with("Traceback (most recent call last)");
    let near = start..output.len().min(start + 4);
    if let Some(traceback) = near.clone().find(trace).and_then(|index| traceback::read(output, index)) {
        let place = traceback.place(roots);
        return Some((traceback.exception?, place, traceback.last));
    }
    let first = near.clone().find(said)?;
    let end = (first..output.len()).find(|index| !output.line(*index).starts_with(' '))?;
    let frames = (first..end).rev().filter_map(|index| traceback::frame(output.line(index)));
    let place = frames.filter_map(|frame| Some((roots.relative(&frame.path)?, frame.line))).next();
    Some((Exception::recognize(output.line(end))?, place, end))
}

fn failure(output: &Output, (index, id, loading): (usize, &str, bool), (exception, place, last): Shown) -> Failure {
    let category = match loading {
        true => exception::category(exception.code(), &exception.message),
        false => exception::test_category(exception.code(), &exception.message, &[id]),
    };
    let mut failure = Failure::new(category, "zope.testrunner");
    if loading {
        failure.phase = Phase::Import;
    }
    exception::write(&mut failure, &exception);
    failure.test_id = Some(id.to_owned());
    let (path, line) = place.unzip();
    exception::place(&mut failure, path, line);
    failure.log_lines = Some((output.number(index), output.number(last)));
    failure
}

/// The numbers of `  Ran 15 tests with 3 failures, 6 errors and 3 skipped in 0.007 seconds.`
fn ran(line: &str) -> Option<TestCounts> {
    let (run, rest) = line.trim_start().strip_prefix("Ran ")?.split_once(" tests with ")?;
    let number = |name: &str| {
        let before = rest.split([',', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>();
        before.windows(2).find(|pair| pair[1] == name).and_then(|pair| pair[0].parse::<u64>().ok())
    };
    let skipped = number("skipped").unwrap_or(0);
    let failed = number("failures")? + number("errors")?;
    Some(TestCounts { run: run.parse::<u64>().ok()?.saturating_sub(skipped), failed, skipped })
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;

    fn parse(text: &str) -> Parsed {
        let mut step = Step::default();
        step.output = text.lines().collect();
        crate::logs::dispatch::ask(Zope, &step)
    }

    const HEAD: &str =
        "Running zope.testrunner.layer.UnitTests tests:\n  Set up zope.testrunner.layer.UnitTests in 0.000 seconds.\n";

    #[test]
    fn failing_tests_stand_between_the_others() {
        for docstring in ["", "The docstring.\n"] {
            let parsed = parse(&format!(
                "{HEAD}\n\nFailure in test test_x (tests.test_a.A.test_x)\n{docstring}Traceback (most recent call last):\n  File \
                 \"/usr/lib/python3.9/unittest/case.py\", line 59, in run\n    yield\n  File \
                 \"/home/runner/work/a/a/tests/test_a.py\", line 8, in test_x\n    self.assertEqual(1, 2)\n\
                 AssertionError: 1 != 2\n\n  Ran 4 tests with 1 failures, 0 errors and 1 skipped in 0.007 seconds.\n"
            ));
            let found = &parsed.failures[0];
            assert_eq!((parsed.failures.len(), found.test_id.as_deref()), (1, Some("tests.test_a.A.test_x")));
            assert_eq!((found.code.as_deref(), found.message.as_deref()), (Some("AssertionError"), Some("1 != 2")));
            assert_eq!((found.path.as_ref().unwrap().as_str(), found.line), ("tests/test_a.py", Some(8)));
            assert_eq!(parsed.counts, Some(TestCounts { run: 3, failed: 1, skipped: 1 }));
        }
    }

    #[test]
    fn modules_that_cannot_be_imported_are_named() {
        let found = parse(&format!(
            "{MODULES}\n\nModule: tests.test_a\n\nTraceback (most recent call last):\n  File \"tests/test_a.py\", line 1, in \
             <module>\n    import nope\nModuleNotFoundError: No module named 'nope'\n\n\nModule: tests.test_b\n\n  File \
             \"tests/test_b.py\", line 3\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n\n\n{HEAD}Module: printed\n"
        ));
        let told: Vec<_> =
            found.failures.iter().map(|failure| (failure.category, failure.test_id.as_deref(), failure.line)).collect();
        let expected =
            [(Category::Import, Some("tests.test_a"), Some(1)), (Category::Syntax, Some("tests.test_b"), Some(3))];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_run_that_passed_says_so() {
        let parsed = parse(&format!("{HEAD}  Ran 4 tests with 0 failures, 0 errors and 0 skipped in 0.007 seconds.\n"));
        assert!(parsed.passed && parsed.failures.is_empty());
        assert!(parse("Error in test data\nof yesterday\n").failures.is_empty());
        assert!(!parse("Error in test data\n").passed);
    }
}
