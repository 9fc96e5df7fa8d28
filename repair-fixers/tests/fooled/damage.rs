//! Logs that were cut, and output of several programs in one.

use crate::build::{SESSION, check, diagnosis, failed, found, job, rule, session, stamped, step};
use repair_fixers::logs::Conclusion;

#[test]
fn of_a_log_whose_beginning_is_missing_the_rest_is_read() {
    let log = failed("pytest", &session(""));
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let summary = lines.iter().position(|line| line.contains("short test summary")).unwrap();
    for start in 1..=summary {
        let rest = lines[start..].concat();
        let found = found(&rest);
        assert_eq!(found.len(), 1, "from line {start}: {found:?}");
        assert!(found[0].contains("test_a.py::test_b"), "from line {start}: {found:?}");
    }
    let middle = &log[log.find("collected").unwrap() + 3..];
    check(middle, &[SESSION]);
}

#[test]
fn of_a_log_whose_end_is_missing_what_was_said_is_read() {
    let log = failed("pytest", &session(""));
    let end = log.find("E       ValueError").unwrap();
    for end in end + 40..log.len() {
        let found = found(&log[..end]);
        assert_eq!(found.len(), 1, "until byte {end}: {found:?}");
        assert!(found[0].contains("test_b"), "{found:?}");
    }
}

#[test]
fn a_log_that_was_cut_before_anything_failed_is_not_called_passed() {
    let log = failed("pytest", &session(""));
    let end = log.find("test_a.py F").unwrap();
    let diagnosis = diagnosis(&log[..end]);
    assert_eq!((diagnosis.conclusion, diagnosis.failures.len()), (Conclusion::Unknown, 0));
}

#[test]
fn a_notice_of_a_cut_in_the_middle_does_not_hide_the_end() {
    for notice in ["##[warning]This step's log was truncated", "[... 53214 lines truncated ...]", "…"] {
        let text = session("");
        let at = text.find("\n    def test_b").unwrap();
        let cut = format!("{}\n{notice}\n{}", &text[..at], &text[text.find("E       Value").unwrap()..]);
        check(failed("pytest", &cut), &[SESSION]);
    }
}

#[test]
fn lines_of_workers_that_write_at_once_are_told_apart() {
    let text = format!(
        "{}\ncreated: 2/2 workers\n[gw0] [ 25%] PASSED test_a.py::test_a \n[gw1] [ 50%] FAILED test_a.py::test_b \n[gw0] [ 75%] PASSED \
         test_a.py::test_c [gw1] [100%] PASSED test_a.py::test_d \n{}",
        rule("test session starts"),
        session("").split_once("[100%]").unwrap().1
    );
    check(failed("pytest -n 2 -v", &text), &[SESSION]);
}

#[test]
fn services_that_write_between_the_lines_of_the_tests_are_read_around() {
    let noise =
        ["db_1     | LOG:  database system is ready", "web_1    | ERROR: no such table", "db_1     | FATAL:  x"];
    let mut text = String::new();
    for (index, line) in session("").lines().enumerate() {
        text.push_str(&format!("tests_1  | {line}\n{}\n", noise[index % noise.len()]));
    }
    check(failed("docker-compose up --exit-code-from tests", &text), &[SESSION]);
    let dashed =
        text.replace("tests_1  | ", "tests-1  | ").replace("db_1   ", "db-1   ").replace("web_1   ", "web-1   ");
    check(failed("docker compose up", &dashed), &[SESSION]);
}

#[test]
fn a_failure_in_two_forms_is_one() {
    let text = session("");
    let annotation = "##[error]test_a.py:3: ValueError: bad";
    check(failed("pytest", &format!("{text}{annotation}")), &[SESSION]);
    check(job(&[step("pytest", &text, Some(1)), step("pytest", &text, Some(1))]), &[SESSION]);
    check(stamped(&format!("{text}\n{text}")), &[SESSION]);
}
