//! Output of unittest and its kin.

use super::Unittest;
use super::failure::identity;
use repair_core::{Category, Parsed, Step, StepOutcome, TestCounts};

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
    let text =
        "u\n{=}\nUNEXPECTED SUCCESS: test_x (m.C.test_x)\n{-}\nRan 1 test in 0.000s\n\nFAILED (unexpected successes=1)";
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

#[test]
fn a_success_against_expectation_is_named_in_verbose_output() {
    let end = "\n{-}\nRan 1 test in 0.000s\n\nFAILED (unexpected successes=1)";
    for line in ["test_x (m.C) ... unexpected success", "test_x (m.C)\nThe docstring. ... unexpected success"] {
        check(&format!("{line}\n{end}"), ("m.C.test_x", Category::Test, "UnexpectedSuccess", None, None));
    }
    let quiet = parse(&format!("u{end}")).failures;
    assert_eq!((quiet.len(), quiet[0].test_id.as_deref()), (1, None));
    assert_eq!(quiet[0].message.as_deref(), Some("FAILED (unexpected successes=1)"));
}

#[test]
fn what_tests_printed_may_come_behind_the_end() {
    let text = "test_x (m.C) ... ok\n\n{-}\nRan 1 test in 0.1s\n\nOK\n{=}\nFAIL: test_y (m.D)\n{-}\nTraceback (most recent call \
                last):\n  File \"x.py\", line 1, in f\nOSError: printed";
    let mut step = Step::default();
    step.output = text.replace("{=}", RULE).replace("{-}", THIN).lines().collect();
    assert!(crate::logs::dispatch::ask(Unittest, &step).failures.is_empty());
}

#[test]
fn the_test_that_was_interrupted_is_known() {
    let text = "test_x (m.C) ... ok\ntest_y (m.C.test_y) ... Traceback (most recent call last):\n  File \
                \"/usr/lib/python3.9/unittest/case.py\", line 9, in run\n    f()\n  File \"m.py\", line 5, in test_y\n    \
                wait()\nKeyboardInterrupt\n";
    let message = Some("KeyboardInterrupt");
    check(text, ("m.C.test_y", Category::Test, "KeyboardInterrupt", message, Some(("m.py", 5))));
}

#[test]
fn the_test_that_crashed_is_known() {
    let text = "test_x (m.C) ... ok\ntest_y (m.C) ... Fatal Python error: Segmentation fault\n\nCurrent thread 0x00007 (most recent \
                call first):\n  File \"/usr/lib/python3.9/ctypes/__init__.py\", line 517 in string_at\n  File \"m.py\", line 8 \
                in test_y\n";
    check(text, ("m.C.test_y", Category::Test, "139", Some("Segmentation fault"), Some(("m.py", 8))));
}

#[test]
fn nose_names_suites_by_their_object_and_tests_by_their_docstring() {
    assert_eq!(identity("test suite for <class 'tests.test_a.TestA'>").0, "tests.test_a.TestA");
    assert_eq!(identity("test suite for <module 'tests.test_a' from '/r/tests/test_a.py'>").0, "tests.test_a");
    let text = "{=}\nERROR: The first line of the docstring.\n{-}\nTraceback (most recent call last):\n  File \"t/test_a.py\", line 5, \
                in test_b\n    f()\nOSError: bad\n\n{-}\nRan 1 test in 0.1s\n\nFAILED (errors=1)";
    let found = parse(text).failures;
    assert_eq!((found[0].test_id.as_deref(), found[0].line), (None, Some(5)));
}

#[test]
fn what_nose_could_not_load_is_told_by_the_heading_where_nothing_else_does() {
    let found = parse("{=}\nERROR: Failure: ImportError (cannot import name x)\n{-}\n{-}\nRan 1 test in 0.1s");
    let failure = &found.failures[0];
    assert_eq!((failure.category, failure.code.as_deref()), (Category::Import, Some("ImportError")));
    assert_eq!(failure.message.as_deref(), Some("cannot import name x"));
}

#[test]
fn trial_names_the_tests_below_their_traceback() {
    let text = "{=}\n[ERROR]\nTraceback (most recent call last):\n  File \"/tmp/x/shop/test/test_a.py\", line 7, in test_x\n    f()\n\
                builtins.OSError: bad\n\nshop.test.test_a.TestA.test_x\nshop.test.test_a.TestA.test_y\n{-}\nRan 2 tests in \
                0.047s\n\nFAILED (errors=2)";
    let found = parse(text).failures;
    let ids: Vec<_> = found.iter().filter_map(|failure| failure.test_id.as_deref()).collect();
    assert_eq!(ids, ["shop.test.test_a.TestA.test_x", "shop.test.test_a.TestA.test_y"]);
    assert_eq!((found[0].tool.as_str(), found[0].code.as_deref(), found[0].line), ("trial", Some("OSError"), Some(7)));
}

#[test]
fn nose2_does_not_name_fixtures_but_their_frames_do() {
    let text = |function: &str| {
        format!(
            "E\n{{=}}\nERROR: _ErrorHolder\n{{-}}\nTraceback (most recent call last):\n  File \
             \"/home/runner/work/a/a/tests/test_m.py\", line 4, in {function}\n    raise OSError(\"no\")\nOSError: \
             no\n\n{{-}}\nRan 1 test in 0.1s\n\nFAILED (errors=1)"
        )
    };
    let place = Some(("tests/test_m.py", 4));
    check(&text("setUpModule"), ("tests.test_m.setUpModule", Category::Test, "OSError", Some("no"), place));
    assert_eq!(parse(&text("setUpClass")).failures[0].test_id, None);
    assert_eq!(identity("tests.test_a (nose2.loader.ModuleImportFailure)"), ("tests.test_a".to_owned(), true));
}

#[test]
fn a_doctest_is_told_by_its_example() {
    let text = "F\n{=}\nFAIL: add (shop)\nDoctest: shop.add\n{-}\nTraceback (most recent call last):\n  File \
                \"/usr/lib/python3.9/doctest.py\", line 2204, in runTest\n    raise self.failureException()\nAssertionError: Failed \
                doctest test for shop.add\n  File \"/x/shop.py\", line 1, in add\n\n{-}\nFile \"/x/shop.py\", line 3, in \
                shop.add\nFailed example:\n    add(1, 2)\nExpected:\n    3\nGot:\n    4\n\n\n{-}\nRan 1 test in \
                0.1s\n\nFAILED (failures=1)";
    let found = parse(text).failures;
    assert_eq!((found.len(), found[0].tool.as_str()), (1, "doctest"));
    assert_eq!(
        (found[0].test_id.as_deref(), found[0].message.as_deref()),
        (Some("shop.add"), Some("Expected: 3 Got: 4"))
    );
    assert_eq!((found[0].path.as_ref().unwrap().as_str(), found[0].line), ("shop.py", Some(3)));
}

#[test]
fn kin_are_known_by_what_they_print() {
    let tool = |sign: &str| {
        let text = format!(
            "{sign}\n{{=}}\nFAIL: test_x (m.C)\n{{-}}\nTraceback (most recent call last):\nOSError\n\n{{-}}\nRan 1 \
                            test in 0.1s\n\nFAILED (failures=1)"
        );
        parse(&text).failures.remove(0).tool
    };
    assert_eq!(tool("  File \"/v/site-packages/nose2/main.py\", line 1, in x"), "nose2");
    assert_eq!(tool("Creating test database for alias 'default'..."), "django");
    assert_eq!(tool("RuntimeWarning: 'testtools.run' found in sys.modules"), "testtools");
    assert_eq!(tool("nothing"), "unittest");
}
