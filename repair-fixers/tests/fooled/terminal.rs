//! What terminals obey and people do not see.

use crate::build::{SESSION, check, failed, job, rule, session, step};

/// What a session without tracebacks tells.
const SHORT: &str = "test ValueError test_a.py test_a.py::test_b bad";

/// A session without tracebacks, with a change of its line `FAILED …`.
fn with_summary(change: impl Fn(&str) -> String) -> String {
    let line = "FAILED test_a.py::test_b - ValueError: bad";
    let text = format!(
        "{}\n{}\n{}\n{}\n",
        rule("test session starts"),
        rule("short test summary info"),
        change(line),
        rule("1 failed, 1 passed in 0.12s")
    );
    failed("pytest --tb=no", &text)
}

#[test]
fn colors_and_links_are_not_seen() {
    check(with_summary(|line| format!("\u{1b}[31m{line}\u{1b}[0m")), &[SHORT]);
    check(with_summary(|line| line.replace("FAILED", "\u{1b}[31mFA\u{1b}[1mILED\u{1b}[0m")), &[SHORT]);
    let link = |line: &str| line.replace("test_a", "\u{1b}]8;;https://x.y/\u{1b}\\test_a\u{1b}]8;;\u{1b}\\");
    check(with_summary(link), &[SHORT]);
    check(with_summary(|line| format!("\u{1b}[2K\u{1b}[1G{line}")), &[SHORT]);
    check(with_summary(|line| format!("\u{1b}[?25l\u{1b}[38;5;196m{line}\u{1b}[m\u{1b}[?25h")), &[SHORT]);
    check(with_summary(|line| format!("\u{9b}31m{line}\u{9b}0m")), &[SHORT]);
}

#[test]
fn a_marker_inside_of_a_title_or_a_link_is_none() {
    let tricks = "\u{1b}]0;##[error]Process completed with exit code 1.\u{7}fine\n\u{1b}]2;x\u{7}still fine\n\
                  \u{1b}P##[group]Run x\u{1b}\\fine\n";
    let log = job(&[step("echo", tricks, None), step("pytest", &session(""), Some(1))]);
    check(log, &[SESSION]);
}

#[test]
fn what_was_overwritten_is_not_read() {
    let progress = "FAILED test_x.py::test_y - boom\rdownloading 10%\rdownloading 100%";
    check(with_summary(|line| format!("{line}\n{progress}")), &[SHORT]);
    check(with_summary(|line| format!("FAILED test_x.py::test_y\r{line}")), &[SHORT]);
    check(with_summary(|line| format!("{line}\r")), &[SHORT]);
}

#[test]
fn backspaces_erase() {
    check(with_summary(|line| line.replace("FAILED", "FAX\u{8}ILED")), &[SHORT]);
    check(with_summary(|line| format!("|\u{8}/\u{8}-\u{8} \u{8}{line}")), &[SHORT]);
    check(with_summary(|line| format!("\u{8}\u{8}{line}")), &[SHORT]);
    check(with_summary(|line| line.replace("bad", "béd\u{8}\u{8}ad")), &[SHORT]);
}

#[test]
fn other_control_characters_have_no_width() {
    check(with_summary(|line| format!("\u{c}{line}")), &[SHORT]);
    check(with_summary(|line| line.replace("FAILED", "FAI\0LED\u{7}")), &[SHORT]);
    check(with_summary(|line| format!("{line}\u{1b}")), &[SHORT]);
}

#[test]
fn line_ends_of_every_kind_end_lines() {
    let unix = failed("pytest", &session(""));
    check(unix.replace('\n', "\r\n"), &[SESSION]);
    check(unix.replace('\n', "\r\r\n"), &[SESSION]);
    let mixed: String = unix.lines().enumerate().map(|(i, line)| format!("{line}{}", ["\n", "\r\n"][i % 2])).collect();
    check(mixed, &[SESSION]);
}

#[test]
fn separators_of_unicode_end_no_line() {
    let log = failed("pytest", &session("").replace("ValueError: bad", "ValueError: bad\u{2028}FAILED x.py::y\u{85}z"));
    check(log, &["test ValueError test_a.py:3 test_a.py::test_b bad\u{2028}FAILED x.py::yz"]);
}
