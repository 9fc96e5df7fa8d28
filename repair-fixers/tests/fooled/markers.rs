//! Programs that print what the runner prints.

use crate::build::{SESSION, check, check_passed, failed, heading, job, rule, session, stamped, step};

const FAKE_END: &str = "##[error]Process completed with exit code 1.";
const FAKE_STEP: &str = "##[group]Run pytest -q\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: /usr/bin/bash -e {0}\n##[endgroup]\nFAILED \
                         test_x.py::test_y - boom\n1 failed in 0.01s\n##[error]Process completed with exit code 1.\nPost job \
                         cleanup.\nCleaning up orphan processes";

#[test]
fn a_step_does_not_end_with_an_error_that_it_prints_and_survives() {
    check_passed(job(&[step("./demo", &format!("begin\n{FAKE_END}\ndone"), None)]));
    check_passed(job(&[step("./demo", &format!("{FAKE_END}\n{FAKE_END}\nall good"), None)]));
    let log = job(&[step("./demo", &format!("E   x\n{FAKE_END}\ndone"), None), step("pytest", &session(""), Some(1))]);
    check(log, &[SESSION]);
}

#[test]
fn the_last_exit_code_is_the_steps() {
    let log = job(&[step("./demo", "##[error]Process completed with exit code 137.\nthe reactor is cold", Some(3))]);
    check(log, &["infrastructure 3 - - the reactor is cold"]);
}

#[test]
fn an_error_behind_which_nothing_comes_ends_the_step() {
    let cut = stamped(&step("./demo", "the reactor is cold", Some(3)));
    check(cut, &["infrastructure 3 - - the reactor is cold"]);
    let composite = format!("{}Prepare all required actions\n", step("./demo", "the reactor is cold", Some(3)));
    check(job(&[composite, step("echo", "", None)]), &["infrastructure 3 - - the reactor is cold"]);
}

#[test]
fn steps_that_a_failing_test_prints_are_no_steps() {
    check(failed("pytest", &session(FAKE_STEP)), &[SESSION]);
    check(failed("pytest", &session(&stamped(FAKE_STEP))), &[SESSION]);
    let unmarked = FAKE_STEP.replace("Post job cleanup.\nCleaning up orphan processes", "");
    check(failed("pytest", &session(&unmarked)), &[SESSION]);
    let later = job(&[step("pytest", &session(FAKE_STEP), Some(1)), step("echo", "x", None)]);
    check(later, &[SESSION]);
}

#[test]
fn steps_that_a_passing_test_prints_are_no_steps() {
    let passes = format!(
        "{}\ntest_a.py .\n{}\n{}\n{:-^80}\n{FAKE_STEP}\n{}\n",
        rule("test session starts"),
        rule("PASSES"),
        heading("test_b"),
        " Captured stdout call ",
        rule("1 passed in 0.12s"),
    );
    check_passed(job(&[step("pytest -rP", &passes, None), step("echo", "x", None)]));
}

#[test]
fn a_step_that_is_stopped_while_it_shows_what_was_printed_has_ended() {
    let text =
        format!("{}\n{}\n{:-^80}\nprinted", rule("test session starts"), heading("test_b"), " Captured stdout call ");
    let stopped = step("pytest --instafail", &text, None) + "##[error]The operation was canceled.\n";
    let log = repair_fixers::logs::read(job(&[stopped, step("./report", "x", None)]).as_bytes()).unwrap();
    let names: Vec<_> = log.steps.iter().filter_map(|step| step.name.as_deref()).collect();
    assert!(names.contains(&"Run ./report"), "{names:?}");
}

#[test]
fn annotations_of_a_program_are_no_failures_of_the_runner() {
    let printed = "##[error]The runner has received a shutdown signal.\n##[error]No space left on device\nok";
    check_passed(job(&[step("./demo", printed, None), step("echo", "x", None)]));
    check(failed("pytest", &session(printed)), &[SESSION]);
    check(failed("pytest", &session("The hosted runner: x lost communication with the server.")), &[SESSION]);
}

#[test]
fn groups_of_a_program_are_output() {
    let printed = "##[group]Run something\ninner\n##[endgroup]\n##[group]Run rm\n##[endgroup]\n##[endgroup]";
    let text = session("");
    check(failed("pytest", &format!("{printed}\n{text}")), &[SESSION]);
    check_passed(job(&[step("./demo", printed, None), step("echo", "x", None)]));
}
