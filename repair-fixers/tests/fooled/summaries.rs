//! Programs and tests that print what test runners print.

use crate::build::{SESSION, check, check_passed, failed, heading, job, rule, session, step};

#[test]
fn a_whole_session_inside_of_what_a_test_printed_is_no_session() {
    let inner = session("").replace("test_a.py", "test_inner.py").replace("test_b", "test_c");
    check(failed("pytest", &session(&inner)), &[SESSION]);
    let narrow = inner.replace(&"=".repeat(10), "=").replace(&"_".repeat(10), "_");
    check(failed("pytest", &session(&narrow)), &[SESSION]);
    let twice = session(&session(&inner));
    check(failed("pytest", &twice), &[SESSION]);
}

#[test]
fn lines_of_a_summary_inside_of_what_a_test_printed_do_not_count() {
    let printed = "FAILED test_x.py::test_y - boom\nERROR test_z.py\n=== short test summary info ===\nFAILED test_x.py::test_y\n1 \
                   failed in 0.1s";
    check(failed("pytest", &session(printed)), &[SESSION]);
    check(failed("pytest", &format!("FAILED test_x.py::test_y - boom\n{}", session(""))), &[SESSION]);
}

#[test]
fn a_success_that_somebody_prints_takes_nothing_back() {
    for fake in
        ["1 passed in 0.01s", &rule("3 passed in 0.10s"), "OK", "Ran 3 tests in 0.1s\n\nOK", "All checks passed!"]
    {
        check(failed("pytest", &format!("{}\n{fake}", session(""))), &[SESSION]);
        check(failed("pytest", &format!("{fake}\n{}", session(""))), &[SESSION]);
        check(failed("pytest", &session(fake)), &[SESSION]);
    }
}

#[test]
fn a_failure_that_a_passing_step_prints_is_none() {
    for fake in [&session(""), "FAILED (failures=1)", "src/app.py:1:1: F401 unused", "error: Failed to build x"] {
        check_passed(job(&[step("./demo", fake, None)]));
    }
}

#[test]
fn another_runners_summary_inside_of_what_a_test_printed_is_none() {
    let thin = "-".repeat(70);
    let double = "=".repeat(70);
    let inner = format!(
        "F\n{double}\nFAIL: test_x (m.T.test_x)\n{thin}\nTraceback (most recent call last):\n  File \"m.py\", line 4, in test_x\n    \
         self.fail()\nAssertionError: None\n\n{thin}\nRan 1 test in 0.001s\n\nFAILED (failures=1)"
    );
    check(failed("pytest", &session(&inner)), &[SESSION]);
    let outer = inner.replace("AssertionError: None", &format!("AssertionError: None\n\nStdout:\n{}", session("")));
    check(failed("python -m unittest", &outer), &["test AssertionError m.py:4 m.T.test_x None"]);
}

#[test]
fn findings_of_a_linter_inside_of_what_a_test_printed_are_none() {
    let printed = "src/app.py:1:1: F401 'os' imported but unused\nFound 1 error.\nerror: x\nsrc/b.py:2: error: Bad  [misc]\nFound 1 \
                   error in 1 file (checked 2 source files)\nwould reformat src/app.py\nOh no! 1 file would be reformatted.";
    check(failed("pytest", &session(printed)), &[SESSION]);
}

#[test]
fn tracebacks_inside_of_what_a_test_printed_are_none() {
    let printed = "Traceback (most recent call last):\n  File \"src/app.py\", line 9, in main\n    run()\nKeyError: 'x'\nERROR: No \
                   matching distribution found for x\nE   OSError: nothing\n\nother.py:7: OSError";
    check(failed("pytest", &session(printed)), &[SESSION]);
}

#[test]
fn a_heading_inside_of_what_a_test_printed_ends_nothing() {
    let printed =
        format!("{}\n____ test_z ____\nE   KeyError: 1\n=== FAILURES ===\n=====", heading("x").replace("__", "_"));
    check(failed("pytest", &session(&printed)), &[SESSION]);
}
