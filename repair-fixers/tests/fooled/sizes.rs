//! Much of everything.

use crate::build::{SESSION, check, diagnosis, failed, heading, rule, session};
use std::fmt::Write;

#[test]
fn a_line_of_ten_megabytes_hides_nothing() {
    let long = "x".repeat(10 << 20);
    check(failed("pytest", &format!("{long}\n{}", session(""))), &[SESSION]);
    check(failed("pytest", &format!("{}{long}", session(""))), &[SESSION]);
    check(failed("pytest", &session(&format!("{long}\n{long}"))), &[SESSION]);
    let colored = "\u{1b}[31mx".repeat(1 << 20);
    check(failed("pytest", &format!("{colored}\n{}", session(""))), &[SESSION]);
}

#[test]
fn a_message_of_a_megabyte_is_still_one_failure() {
    let log =
        failed("pytest", &session("").replace("ValueError: bad", &format!("ValueError: {}", "y".repeat(1 << 20))));
    let found = diagnosis(log).failures;
    assert_eq!((found.len(), found[0].code.as_deref()), (1, Some("ValueError")));
}

#[test]
fn deep_nesting_is_read_to_its_end() {
    let mut text = "Traceback (most recent call last):\n".to_owned();
    for line in 1..20_000 {
        writeln!(text, "  File \"app.py\", line {line}, in f\n    f()").unwrap();
    }
    check(
        failed("python app.py", &format!("{text}RecursionError: too deep")),
        &["test RecursionError app.py:19999 - too deep"],
    );
    let mut chain = String::new();
    for line in 1..2_000 {
        let link = "During handling of the above exception, another exception occurred:";
        writeln!(chain, "Traceback (most recent call last):\n  File \"app.py\", line {line}, in f\n    f()\nKeyError: {line}\n\n{link}\n")
            .unwrap();
    }
    let last = "Traceback (most recent call last):\n  File \"app.py\", line 7, in g\n    g()\nValueError: end";
    check(failed("python app.py", &format!("{chain}{last}")), &["test ValueError app.py:7 - end"]);
}

#[test]
fn nested_groups_are_read_to_their_end() {
    let mut text = "  + Exception Group Traceback (most recent call last):\n  |   File \"app.py\", line 9, in main\n  |     x\n  | \
                    ExceptionGroup: all (1 sub-exception)\n"
        .to_owned();
    for depth in 1..500 {
        let indent = "  ".repeat(depth);
        writeln!(
            text,
            "{indent}+-+---------------- 1 ----------------\n{indent}  | ExceptionGroup: inner (1 sub-exception)"
        )
        .unwrap();
    }
    check(failed("python app.py", &text), &["test ExceptionGroup app.py:9 - all (1 sub-exception)"]);
}

/// A session in which `count` tests failed.
fn failing(count: usize) -> String {
    let mut text = format!("{}\n{}\n", rule("test session starts"), rule("FAILURES"));
    for number in 0..count {
        let name = heading(&format!("test_{number}"));
        writeln!(text, "{name}\n\n>       x\nE       ValueError: {number}\n\ntest_a.py:{}: ValueError", number + 1)
            .unwrap();
    }
    writeln!(text, "{}", rule("short test summary info")).unwrap();
    for number in 0..count {
        writeln!(text, "FAILED test_a.py::test_{number} - ValueError: {number}").unwrap();
    }
    writeln!(text, "{}", rule(&format!("{count} failed in 9.12s"))).unwrap();
    failed("pytest", &text)
}

#[test]
fn many_failures_are_all_found() {
    let found = diagnosis(failing(5_000)).failures;
    assert_eq!(found.len(), 5_000);
    let last = &found[4_999];
    assert_eq!((last.test_id.as_deref(), last.line), (Some("test_a.py::test_4999"), Some(5_000)));
}
