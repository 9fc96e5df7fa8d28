//! `redact`.

use crate::harness::{Home, Ran, run, run_with};
use std::fs::{self, File};
use std::io::Write;
use std::process::Stdio;

/// A secret that no scanner of source code takes for one, since it is put together here.
fn token() -> String {
    ["gh", "p_", "q8ZrT2mXw9KpL4vB", "hJ7x0pQwErT5yU2iOaSd"].concat()
}

fn log() -> String {
    let token = token();
    format!(
        "2024-01-01T00:00:00.0000000Z ##[group]Run make\n2024-01-01T00:00:01.0000000Z token {token}\n\
         2024-01-01T00:00:02.0000000Z DB_PASSWORD=k3Xp-9Qz!vR\nFAILED tests/test_a.py::test_b - assert 1 == 2\n"
    )
}

const LEFT: &str = "2024-01-01T00:00:00.0000000Z ##[group]Run make
2024-01-01T00:00:01.0000000Z token <<REDACTED:github_token#1>>
2024-01-01T00:00:02.0000000Z DB_PASSWORD=<<REDACTED:secret#1>>
FAILED tests/test_a.py::test_b - assert 1 == 2
";

#[test]
fn a_log_goes_in_and_no_secret_comes_out() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ci.log"), log()).unwrap();
    assert_eq!(run(dir.path(), &["redact", "ci.log"]).ends_with(0).stdout, LEFT);
    let input = File::open(dir.path().join("ci.log")).unwrap();
    let piped = run_with(dir.path(), &["redact", "-"], |command| _ = command.stdin(Stdio::from(input)));
    assert_eq!(piped.ends_with(0).stdout, LEFT);
}

#[test]
fn what_was_redacted_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ci.log"), LEFT).unwrap();
    assert_eq!(run(dir.path(), &["redact", "ci.log"]).ends_with(0).stdout, LEFT);
}

#[test]
fn the_process_s_own_secrets_are_known() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ci.log"), "it says correct-horse and Y29ycmVjdC1ob3JzZQ==\n").unwrap();
    let ran = run_with(dir.path(), &["redact", "ci.log"], |command| _ = command.env("DEPLOY_TOKEN", "correct-horse"));
    let placeholder = "<<REDACTED:deploy_token#1>>";
    assert_eq!(ran.ends_with(0).stdout, format!("it says {placeholder} and {placeholder}Q==\n"));
}

#[test]
fn a_missing_file_is_wrong_usage_and_nothing_is_printed() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("ci.log"), "text").unwrap();
    let ran = run(dir.path(), &["redact", "ci.log", "missing.log"]).ends_with(2).says(&["`missing.log`"]);
    assert_eq!(ran.stdout, "");
    run(dir.path(), &["redact"]).ends_with(2);
}

#[test]
fn a_long_log_is_streamed() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = Home::new()
        .ci_repair(dir.path())
        .args(["redact", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || (0..3000).for_each(|_| input.write_all(log().as_bytes()).unwrap()));
    let ran = Ran::new(&child.wait_with_output().unwrap()).ends_with(0);
    feeder.join().unwrap();
    assert_eq!(ran.stdout, LEFT.repeat(3000));
}
