//! Logs that are none, or of something else.

use crate::job_log;
use crate::project::Project;

const UNUSED: &str = "import os\nimport sys\n\nprint(sys.path)\n";

fn project() -> Project {
    Project::of(&[("app.py", UNUSED)])
}

/// What ruff prints for an unused import in `path`.
fn finding(path: &str) -> String {
    let output = format!("{path}:1:8: F401 [*] `os` imported but unused\nFound 1 error.");
    job_log::step("ruff check --output-format concise .", &output, 1)
}

#[track_caller]
fn refused(log: impl AsRef<[u8]>, words: &[&str]) {
    let project = project();
    let log = project.beside("job.log", log);
    project.fix_leaves_all(&["--log", &log, "--write"]).ends_with(2).says(words);
}

#[test]
fn text_that_is_no_log_is_refused() {
    refused("# A readme\n\nThis is no log.\n", &["no failure was found in the log", "ci-repair detect"]);
}

#[test]
fn an_empty_log_is_refused() {
    refused("", &["it is empty", "ci-repair detect"]);
    refused("\n\n  \n", &["it is empty", "ci-repair detect"]);
}

#[test]
fn a_binary_file_is_refused() {
    refused([0, 159, 146, 150].repeat(3000), &["it is binary", "ci-repair detect"]);
    refused(b"PK\x03\x04\x14\0\0\0", &["a zip archive that is cut off or damaged", "ci-repair detect"]);
    refused([0x1f, 0x8b, 8, 0, 1, 2, 3], &["cut off or damaged", "ci-repair detect"]);
}

#[test]
fn the_log_of_another_repository_is_refused() {
    refused(finding("elsewhere/other.py"), &["none of the files that the log names is in", "another repository"]);
}

#[test]
fn the_log_of_a_passing_run_is_refused() {
    let log = job_log::step("ruff check .", "All checks passed!", 0);
    refused(log, &["the log is of a run that passed", "give the log of a failed job"]);
}

#[test]
fn a_missing_log_is_refused() {
    let project = project();
    let ran = project.fix_leaves_all(&["--log", "no-such.log"]).ends_with(2);
    ran.says(&["no-such.log", "give an existing file, or `-`"]);
    project.fix_leaves_all(&["--log", "."]).ends_with(2).says(&["there are no logs in the folder `.`"]);
}

#[test]
fn a_path_outside_of_the_repository_is_never_touched() {
    for path in ["../../etc/passwd", "../outside.py", "/etc/passwd", "a/../../outside.py"] {
        let project = project();
        let outside = project.beside("outside.py", UNUSED);
        let log = project.beside("job.log", finding(path));
        let ran = project.fix_leaves_all(&["--log", &log, "--no-validate", "--allow", "speculative", "--write"]);
        assert!(matches!(ran.code, Some(1 | 2)), "{path}: {ran:?}");
        assert_eq!(std::fs::read_to_string(&outside).unwrap(), UNUSED, "{path}");
        assert!(!ran.stdout.contains("+++"), "{path}: {ran:?}");
    }
}

#[test]
fn terminal_codes_in_a_log_do_not_reach_the_terminal() {
    let project = project();
    let output = "app.py:1:8: F401 \u{1b}]0;owned\u{7}`os`\u{1b}[2J imported but unused\u{202e}\nFound 1 error.";
    let log = project.beside("job.log", job_log::step("ruff check --output-format concise .", output, 1));
    for format in ["human", "json", "sarif", "github", "markdown"] {
        let ran = project.run(&["detect", &log, "--format", format]).ends_with(1);
        assert!(!ran.stdout.contains(['\u{1b}', '\u{7}']), "{format}: {ran:?}");
    }
}
