//! The same job carried in every form of log: the same failures, in the same step.

use super::{Diagnosis, diagnose, read};
use flate2::Compression;
use flate2::write::GzEncoder;
use repair_core::Failure;
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What `pytest -q` printed.
const OUTPUT: &str = "F.                                                                       [100%]
=================================== FAILURES ===================================
________________________________ test_discount _________________________________

    def test_discount():
>       assert discount(10) == 9
E       assert 10 == 9
E        +  where 10 = discount(10)

tests/test_price.py:4: AssertionError
=========================== short test summary info ============================
FAILED tests/test_price.py::test_discount - assert 10 == 9
1 failed, 1 passed in 0.02s
";

fn lines(prefix: &str) -> String {
    OUTPUT.lines().map(|line| format!("{prefix}{line}\n")).collect()
}

const STAMP: &str = "2024-07-16T20:33:23.0572170Z ";

fn raw() -> String {
    let text = format!(
        "Current runner version: '2.317.0'\nComplete job name: tests\n##[group]Run pip install -e .\n\u{1b}[36;1mpip install -e .\u{1b}[0m\n\
         shell: bash\n##[endgroup]\nok\n##[group]Run pytest -q\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: bash\n##[endgroup]\n{OUTPUT}\
         ##[error]Process completed with exit code 1.\nPost job cleanup.\n[command]/usr/bin/git version\nCleaning up orphan processes\n"
    );
    text.lines().map(|line| format!("{STAMP}{line}\n")).collect()
}

fn client(failed_only: bool) -> String {
    let line = |step: &str, text: &str| format!("tests\t{step}\t{STAMP}{text}\n");
    let head = if failed_only { String::new() } else { line("Set up job", "Current runner version: '2.317.0'") };
    let body = "##[group]Run pytest -q\n\u{1b}[36;1mpytest -q\u{1b}[0m\nshell: bash\n##[endgroup]\n";
    let end = "##[error]Process completed with exit code 1.";
    let body: String = format!("{body}{OUTPUT}{end}").lines().map(|text| line("Tests", text)).collect();
    format!("{head}{body}")
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn archive(text: &str) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["0_tests.txt", "tests/1_Set up job.txt"] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn utf16(text: &str) -> Vec<u8> {
    format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Every form, with what its own words say of the exit code.
fn forms() -> Vec<(&'static str, Vec<u8>, Option<i32>)> {
    let text = |text: String| text.into_bytes();
    let quoted = "process \"/bin/sh -c pytest -q\" did not complete successfully: exit code: 1";
    vec![
        ("raw", text(raw()), Some(1)),
        ("gzip", gzip(&raw()), Some(1)),
        ("zip", archive(&raw()), Some(1)),
        ("UTF-16", utf16(&raw()), Some(1)),
        ("carriage returns", text(raw().replace('\n', "\r")), Some(1)),
        ("gh --log", text(client(false)), Some(1)),
        ("gh --log-failed", text(client(true)), Some(1)),
        (
            "web",
            text(format!(
                "Run pytest -q\n  pytest -q\n  shell: bash\n{OUTPUT}Error: Process completed with exit code 1.\n"
            )),
            Some(1),
        ),
        (
            "Travis",
            text(format!(
                "travis_fold:start:x\rtravis_time:start:1\r$ pytest -q\n{OUTPUT}travis_time:end:1\r\nThe command \"pytest -q\" exited with 1.\n"
            )),
            Some(1),
        ),
        (
            "GitLab",
            text(format!(
                "Running with gitlab-runner 16.5.0 (8)\n\u{1b}[32;1m$ pytest -q\u{1b}[0;m\n{OUTPUT}Cleaning up project directory and file \
                 based variables\nERROR: Job failed: exit code 1\n"
            )),
            Some(1),
        ),
        (
            "CircleCI",
            text(format!("#!/bin/bash -eo pipefail\npytest -q\n{OUTPUT}\nExited with code exit status 1\n")),
            Some(1),
        ),
        (
            "Azure",
            text(format!(
                "{STAMP}##[section]Starting: Tests\n{STAMP}Script contents:\n{STAMP}pytest -q\n{STAMP}========================== Starting \
                 Command Output ===========================\n{}{STAMP}##[error]Bash exited with code '1'.\n{STAMP}##[section]Finishing: Tests\n",
                lines(STAMP)
            )),
            Some(1),
        ),
        (
            "Jenkins",
            text(format!(
                "[Pipeline] sh\n+ pytest -q\n{OUTPUT}[Pipeline] }}\n[Pipeline] End of Pipeline\nERROR: script returned exit code 1\nFinished: \
                 FAILURE\n"
            )),
            Some(1),
        ),
        (
            "Jenkins with times",
            text(
                format!("[Pipeline] sh\n+ pytest -q\n{OUTPUT}[Pipeline] }}\nERROR: script returned exit code 1\nFinished: FAILURE\n")
                    .lines()
                    .map(|line| format!("[2024-07-16T20:33:23.057Z] {line}\n"))
                    .collect(),
            ),
            Some(1),
        ),
        (
            "Buildkite",
            text(format!(
                "~~~ Running commands\n$ pytest -q\n{OUTPUT}🚨 Error: The command exited with status 1\nuser command error: exit status 1\n"
            )),
            Some(1),
        ),
        ("AppVeyor", text(format!("pytest -q\n{OUTPUT}Command exited with code 1\n")), Some(1)),
        ("Woodpecker", text(format!("[tests:L0:0s] + pytest -q\n{}", lines("[tests:L1:1s] "))), None),
        (
            "Read the Docs",
            text(format!("[rtd-command-info] start-time: a, end-time: b, duration: 1, exit-code: 1\npytest -q\n{OUTPUT}")),
            Some(1),
        ),
        (
            "act",
            text(format!(
                "[CI/tests] ⭐ Run Main pytest -q\n{}[CI/tests]   ❌  Failure - Main pytest -q [1s]\n[CI/tests] exitcode '1': failure\n",
                lines("[CI/tests]   | ")
            )),
            Some(1),
        ),
        (
            "docker build",
            text(format!(
                "Step 2/2 : RUN pytest -q\n ---> Running in 2b\n{OUTPUT}The command '/bin/sh -c pytest -q' returned a non-zero code: 1\n"
            )),
            Some(1),
        ),
        (
            "BuildKit",
            text(format!(
                "#10 [2/2] RUN pytest -q\n{}#10 ERROR: {quoted}\n------\n > [2/2] RUN pytest -q:\n{}------\nERROR: failed to solve: {quoted}\n",
                lines("#10 1.234 "),
                lines("1.234 ")
            )),
            Some(1),
        ),
        (
            "BuildKit in a step",
            text(format!(
                "{STAMP}##[group]Run docker build .\n{STAMP}\u{1b}[36;1mdocker build .\u{1b}[0m\n{STAMP}shell: bash\n{STAMP}##[endgroup]\n\
                 {STAMP}#10 [2/2] RUN pytest -q\n{}{STAMP}------\n{STAMP} > [2/2] RUN pytest -q:\n{}{STAMP}------\n{STAMP}ERROR: failed to \
                 solve: {quoted}\n{STAMP}##[error]Process completed with exit code 1.\n",
                lines(&format!("{STAMP}#10 1.234 ")),
                lines(&format!("{STAMP}1.234 "))
            )),
            Some(1),
        ),
        ("docker compose", text(format!("Attaching to web-1\n{}", lines("web-1  | "))), None),
        ("terminal", text(format!("(venv) me@host:~/app$ pytest -q\n{OUTPUT}(venv) me@host:~/app$ \n")), None),
        ("plain", text(OUTPUT.to_owned()), None),
    ]
}

/// What a log says of its failures, apart from where it says so.
fn told(diagnosis: &Diagnosis) -> Vec<Failure> {
    let mut failures = diagnosis.failures.clone();
    failures.iter_mut().for_each(|failure| failure.log_lines = None);
    failures
}

#[test]
fn whatever_carries_a_job_the_answer_is_the_same() {
    let expected = told(&diagnose(&read(OUTPUT.as_bytes()).unwrap()));
    assert_eq!(expected.len(), 1);
    assert_eq!(expected[0].test_id.as_deref(), Some("tests/test_price.py::test_discount"));
    for (form, bytes, code) in forms() {
        let diagnosis = diagnose(&read(&bytes[..]).unwrap());
        assert_eq!(told(&diagnosis), expected, "{form}");
        let [step] = diagnosis.failed_steps.as_slice() else { panic!("{form}: {:?}", diagnosis.failed_steps) };
        assert_eq!((step.exit_code, &step.failures[..]), (code, &[0][..]), "{form}");
        assert_eq!(diagnosis.counts.map(|counts| (counts.run, counts.failed)), Some((2, 1)), "{form}");
    }
}
