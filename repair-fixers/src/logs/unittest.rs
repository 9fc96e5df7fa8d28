//! unittest and what prints like it: nose, Django's test runner, testtools.

use super::exception::{self, Exception};
use super::roots::{Roots, common_folder};
use super::traceback::{self, Traceback};
use repair_core::{Category, Failure, LogParser, Output, Parsed, Phase, Step, StepOutcome, TestCounts};
use std::collections::HashSet;
use std::ops::Range;

/// How many tests, and how many paths, are enough to see where the repository lies.
const ENOUGH: usize = 300;

/// Reads the output of unittest and its kin.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Unittest;

impl LogParser for Unittest {
    fn id(&self) -> &'static str {
        "unittest"
    }

    fn needles(&self) -> &[&str] {
        &["Ran ", "ERROR: ", "FAIL: ", "UNEXPECTED SUCCESS: ", "FAILED: ", "TIMEOUT: "]
    }

    fn parse(&self, step: &Step) -> Parsed {
        let runs = runs(&step.output);
        let mut parsed = Parsed::default();
        if runs.is_empty() {
            return parsed;
        }
        let roots = roots(step, &runs);
        let tool = tool(step);
        for run in &runs {
            if let Some(counts) = run.counts {
                *parsed.counts.get_or_insert_default() += counts;
            }
            if run.passed != Some(true) {
                let blocks = run.blocks.iter();
                parsed.failures.extend(blocks.map(|block| failure(&step.output, block, tool, &roots)));
            }
        }
        if parsed.failures.is_empty() {
            parsed.failures.extend(nothing_ran(step, &runs, tool));
        }
        parsed.passed = parsed.failures.is_empty() && runs.iter().all(|run| run.passed == Some(true));
        parsed
    }
}

/// One failing test: the header's kind and text, the lines below it.
#[derive(Debug)]
struct Block {
    kind: String,
    header: String,
    lines: Range<usize>,
}

/// One run: from its failures to `Ran 3 tests` and what follows.
#[derive(Debug, Default)]
struct Run {
    blocks: Vec<Block>,
    counts: Option<TestCounts>,
    passed: Option<bool>,
    end: usize,
}

fn runs(output: &Output) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut open = Run::default();
    for index in 0..output.len() {
        let line = output.line(index);
        if is_rule(line, '=') {
            end_block(&mut open, index);
            open.blocks.extend(header(output, index + 1));
        } else if let Some(ran) = ran(line) {
            end_block(&mut open, index.saturating_sub(1));
            finish(&mut open, output, index, ran);
            runs.push(std::mem::take(&mut open));
        }
    }
    end_block(&mut open, output.len());
    if !open.blocks.is_empty() {
        open.end = output.len() - 1;
        runs.push(open);
    }
    runs
}

fn end_block(run: &mut Run, index: usize) {
    if let Some(block) = run.blocks.last_mut().filter(|block| block.lines.end == 0) {
        block.lines.end = index;
    }
}

/// A line of at least 70 times `mark`.
fn is_rule(line: &str, mark: char) -> bool {
    let line = line.trim_end();
    line.len() >= 70 && line.chars().all(|c| c == mark)
}

/// `ERROR: test_a (tests.test_m.TestC.test_a)`, between two rules.
fn header(output: &Output, index: usize) -> Option<Block> {
    let (kind, header) = output.line(index).split_once(": ")?;
    let known = matches!(kind, "ERROR" | "FAIL" | "UNEXPECTED SUCCESS" | "FAILED" | "TIMEOUT");
    // A docstring may stand below the test's name.
    let ruled = (1..=4).any(|below| is_rule(output.line(index + below), '-'));
    let block = || Block { kind: kind.to_owned(), header: header.trim().to_owned(), lines: index..0 };
    (known && (ruled || kind == "UNEXPECTED SUCCESS")).then(block)
}

/// The number in `Ran 3 tests in 0.1s`.
fn ran(line: &str) -> Option<u64> {
    let (number, rest) = line.strip_prefix("Ran ")?.split_once(' ')?;
    let fits = rest.starts_with("test in ") || rest.starts_with("tests in ") || rest.trim_end() == "tests";
    fits.then(|| number.parse().ok())?
}

/// Reads the lines below `Ran 3 tests`.
fn finish(run: &mut Run, output: &Output, index: usize, ran: u64) {
    run.end = index;
    let mut counts = TestCounts { run: ran, ..TestCounts::default() };
    for below in index + 1..(index + 5).min(output.len()) {
        let line = output.line(below).trim();
        let passed = line == "OK" || line.starts_with("OK (");
        let failed = line == "FAILED" || line.starts_with("FAILED (") || line.starts_with("NO TESTS RAN");
        if passed || failed {
            run.passed = Some(passed);
            run.end = below;
            add(&mut counts, line);
            break;
        }
    }
    counts.run = counts.run.saturating_sub(counts.skipped);
    run.counts = Some(counts);
}

/// Adds the numbers of `FAILED (failures=1, errors=2, skipped=3)`.
fn add(counts: &mut TestCounts, line: &str) {
    let inner = line.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map_or("", |(inner, _)| inner);
    for (key, value) in inner.split(", ").filter_map(|item| item.split_once('=')) {
        let value = value.parse().unwrap_or(0);
        match key.to_ascii_lowercase().as_str() {
            "failures" | "errors" | "unexpected successes" => counts.failed += value,
            "skipped" | "skip" => counts.skipped += value,
            _ => {}
        }
    }
}

fn tool(step: &Step) -> &'static str {
    let command = step.command.as_deref().unwrap_or_default();
    let says = |texts: &[&str]| step.output.iter().any(|line| texts.iter().any(|text| line.contains(text)));
    if command.contains("nosetests") || says(&["site-packages/nose/", ">> begin captured "]) {
        "nose"
    } else if command.contains("manage.py test")
        || says(&["Creating test database for alias", "Destroying test database for alias", "System check identified"])
    {
        "django"
    } else {
        "unittest"
    }
}

/// The roots of the step; where the log's paths are unusual, the tests' modules show where they begin.
fn roots(step: &Step, runs: &[Run]) -> Roots {
    let mut roots = Roots::of(step);
    let frames: Vec<traceback::Frame> = step.output.iter().filter_map(traceback::frame).collect();
    let mut seen = HashSet::new();
    let absolute = frames.iter().map(|frame| frame.path.as_str()).filter(|path| path.starts_with('/'));
    let paths: Vec<&str> = absolute.filter(|path| seen.insert(*path)).take(ENOUGH).collect();
    for block in runs.iter().flat_map(|run| &run.blocks).take(ENOUGH) {
        let (id, _) = identity(&block.header);
        for path in &paths {
            if let Some(folder) = folder_before_module(path, &id) {
                roots.add(folder);
            }
        }
    }
    if let Some(folder) = common_folder(frames.iter().map(|frame| frame.path.as_str())) {
        roots.add(&folder);
    }
    roots
}

/// `/x/` of `/x/tests/test_a.py`, where the id begins with `tests.test_a`.
fn folder_before_module<'a>(path: &'a str, id: &str) -> Option<&'a str> {
    let mut module = id;
    while !module.is_empty() {
        let file = format!("/{}.py", module.replace('.', "/"));
        if let Some(folder) = path.strip_suffix(&file) {
            return path.get(..=folder.len());
        }
        module = module.rsplit_once('.')?.0;
    }
    None
}

/// The test's dotted name, and whether it stands for a module that could not be loaded.
pub(super) fn identity(header: &str) -> (String, bool) {
    let Some((name, rest)) = header.split_once(" (").filter(|(name, _)| !name.contains(' ')) else {
        return (header.to_owned(), false);
    };
    let place = rest.split(')').next().unwrap_or(rest);
    if place.starts_with("unittest.loader.") || place.starts_with("unittest2.loader.") {
        return (name.to_owned(), true);
    }
    let complete = place.ends_with(&format!(".{name}"));
    (if complete { place.to_owned() } else { format!("{place}.{name}") }, false)
}

fn failure(output: &Output, block: &Block, tool: &str, roots: &Roots) -> Failure {
    let traceback = last_traceback(output, block.lines.clone());
    let place = traceback.as_ref().and_then(|traceback| traceback.place(roots));
    let (mut id, mut collecting) = identity(&block.header);
    if block.header.starts_with("Failure: ") {
        collecting = true;
        id = traceback.as_ref().and_then(|traceback| first_module(traceback, roots)).unwrap_or_default();
    }
    let exception = exception_of(output, block, traceback.as_ref());
    let path = place.as_ref().map(|(path, _)| path.as_str()).unwrap_or_default();
    let category = if collecting {
        exception::category(exception.code(), &exception.message)
    } else {
        exception::test_category(exception.code(), &exception.message, &[&id, path])
    };
    let mut failure = Failure::new(category, tool);
    if collecting {
        failure.phase = Phase::Import;
    }
    exception::write(&mut failure, &exception);
    failure.test_id = Some(id).filter(|id| !id.is_empty());
    let (path, line) = place.unzip();
    exception::place(&mut failure, path, line);
    let last = block.lines.end.saturating_sub(1).max(block.lines.start);
    failure.log_lines = Some((output.number(block.lines.start), output.number(last)));
    failure
}

/// The last traceback of a block: what the test printed is not looked at.
fn last_traceback(output: &Output, lines: Range<usize>) -> Option<Traceback> {
    let mut found: Option<Traceback> = None;
    for index in lines.clone() {
        let line = output.line(index);
        if line.contains(">> begin captured ") || line == "Stdout:" || line == "Stderr:" {
            break;
        }
        let inside = found.as_ref().is_some_and(|found| index <= found.last);
        if !inside && line.contains("Traceback (most recent call last)") {
            found = traceback::read(output, index).or(found);
        }
    }
    found
}

fn exception_of(output: &Output, block: &Block, traceback: Option<&Traceback>) -> Exception {
    if block.kind == "UNEXPECTED SUCCESS" {
        return Exception { class: "UnexpectedSuccess".to_owned(), message: String::new() };
    }
    let found = traceback.and_then(|traceback| Some((traceback.exception.clone()?, traceback.last)));
    let Some((mut exception, last)) = found else {
        return Exception { class: "AssertionError".to_owned(), message: String::new() };
    };
    let next = output.line(last + 1).trim();
    if exception.message.is_empty()
        && last + 1 < block.lines.end
        && !next.starts_with("---")
        && !next.starts_with("===")
    {
        exception.message = next.to_owned();
    }
    exception
}

/// The dotted name of the first module of the repository in a traceback.
fn first_module(traceback: &Traceback, roots: &Roots) -> Option<String> {
    let path = traceback.frames.iter().find_map(|frame| roots.relative(&frame.path))?;
    let module = path.as_str().strip_suffix(".py")?.replace('/', ".");
    Some(module.strip_suffix(".__init__").map_or(module.clone(), str::to_owned))
}

fn nothing_ran(step: &Step, runs: &[Run], tool: &str) -> Option<Failure> {
    let run = runs.iter().find(|run| step.output.line(run.end).starts_with("NO TESTS RAN"))?;
    if !matches!(step.outcome, StepOutcome::Failed(Some(5) | None)) {
        return None;
    }
    let mut failure = Failure::new(Category::Test, tool);
    failure.phase = Phase::Import;
    failure.code = Some("5".to_owned());
    failure.message = Some("no tests ran".to_owned());
    failure.log_lines = Some((step.output.number(run.end), step.output.number(run.end)));
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "======================================================================";
    const THIN: &str = "----------------------------------------------------------------------";

    fn parse(text: &str) -> Parsed {
        let mut step = Step::default();
        step.output = text.replace("{=}", RULE).replace("{-}", THIN).lines().collect();
        step.outcome = StepOutcome::Failed(Some(1));
        crate::logs::dispatch::ask(Unittest, &step)
    }

    type Expected<'a> = (&'a str, Category, &'a str, Option<&'a str>, Option<(&'a str, u32)>);

    #[track_caller]
    fn check(text: &str, (id, category, code, message, place): Expected<'_>) {
        let parsed = parse(text);
        assert_eq!(parsed.failures.len(), 1, "{:?}", parsed.failures);
        let failure = &parsed.failures[0];
        assert_eq!(failure.test_id.as_deref(), Some(id));
        assert_eq!((failure.category, failure.code.as_deref()), (category, Some(code)));
        assert_eq!(failure.message.as_deref(), message);
        let found = failure.path.as_ref().map(|path| (path.as_str(), failure.line.unwrap()));
        assert_eq!(found, place);
    }

    #[test]
    fn a_failing_test_is_known_by_module_class_and_name() {
        for header in ["test_x (tests.test_a.TestA)", "test_x (tests.test_a.TestA.test_x)\nThe docstring."] {
            let text = format!(
                "F.\n{{=}}\nFAIL: {header}\n{{-}}\nTraceback (most recent call last):\n  File \
                 \"/tmp/x/tests/test_a.py\", line 7, in test_x\n    self.assertEqual(1, 2)\n    ~~~~~^^^\nAssertionError: 1 \
                 != 2\n\n{{-}}\nRan 2 tests in 0.001s\n\nFAILED (failures=1)"
            );
            let id = "tests.test_a.TestA.test_x";
            check(&text, (id, Category::Test, "AssertionError", Some("1 != 2"), Some(("tests/test_a.py", 7))));
            assert_eq!(parse(&text).counts, Some(TestCounts { run: 2, failed: 1, skipped: 0 }));
        }
    }

    #[test]
    fn a_module_that_cannot_be_imported_is_a_failure_of_import() {
        for place in ["unittest.loader._FailedTest", "unittest.loader._FailedTest.tests.test_a"] {
            let text = format!(
                "E\n{{=}}\nERROR: tests.test_a ({place})\n{{-}}\nImportError: Failed to import test module: \
                 tests.test_a\nTraceback (most recent call last):\n  File \"/usr/lib/python3.9/unittest/loader.py\", line \
                 154, in loadTestsFromName\n    module = __import__(module_name)\n  File \
                 \"/home/runner/work/a/a/tests/test_a.py\", line 1, in <module>\n    import nope\nModuleNotFoundError: No \
                 module named 'nope'\n\n\n{{-}}\nRan 1 test in 0.000s\n\nFAILED (errors=1)"
            );
            let message = Some("No module named 'nope'");
            let place = Some(("tests/test_a.py", 1));
            check(&text, ("tests.test_a", Category::Import, "ModuleNotFoundError", message, place));
            assert_eq!(parse(&text).failures[0].subject.as_deref(), Some("nope"));
        }
    }

    #[test]
    fn subtests_and_fixtures_of_classes_have_their_names() {
        assert_eq!(identity("test_x (m.C.test_x) (i=1)").0, "m.C.test_x");
        assert_eq!(identity("test_x (m.C) [msg] (i='(')").0, "m.C.test_x");
        assert_eq!(identity("setUpClass (m.C)").0, "m.C.setUpClass");
        assert_eq!(identity("tests.test_a.test_b").0, "tests.test_a.test_b");
        assert_eq!(identity("A sentence (with a bracket)").0, "A sentence (with a bracket)");
    }

    #[test]
    fn a_run_that_passed_has_no_failures() {
        let parsed = parse("printed\n{=}\nFAIL: not a test\n{-}\n\n{-}\nRan 3 tests in 0.1s\n\nOK (skipped=1)");
        assert!(parsed.failures.is_empty() && parsed.passed);
        assert_eq!(parsed.counts, Some(TestCounts { run: 2, failed: 0, skipped: 1 }));
    }

    #[test]
    fn unexpected_successes_are_failures() {
        let text = "u\n{=}\nUNEXPECTED SUCCESS: test_x (m.C.test_x)\n{-}\nRan 1 test in 0.000s\n\nFAILED (unexpected successes=1)";
        check(text, ("m.C.test_x", Category::Test, "UnexpectedSuccess", None, None));
    }

    #[test]
    fn nose_names_modules_by_their_frames() {
        let text = "E\n{=}\nERROR: Failure: ImportError (No module named 'six')\n{-}\nTraceback (most recent call last):\n  File \
                    \"/home/travis/virtualenv/python3.4.2/lib/python3.4/site-packages/nose/failure.py\", line 39, in runTest\n    \
                    raise\n  File \"/home/travis/build/o/r/pkg/__init__.py\", line 3, in <module>\n    import six\nImportError: No \
                    module named 'six'\n\n{-}\nRan 1 test in 0.0s\n\nFAILED (errors=1)";
        let message = Some("No module named 'six'");
        check(text, ("pkg", Category::Import, "ImportError", message, Some(("pkg/__init__.py", 3))));
        assert_eq!(parse(text).failures[0].tool, "nose");
    }

    #[test]
    fn nothing_ran_is_a_failure_of_its_own() {
        let parsed = parse("{-}\nRan 0 tests in 0.000s\n\nNO TESTS RAN");
        assert!(parsed.failures.is_empty(), "the step must say that it failed for it");
        assert!(!parsed.passed);
    }
}
