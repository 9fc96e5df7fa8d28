//! Lines that say how a step ended.

use memchr::memmem::Finder;
use std::sync::LazyLock;

/// Messages of a runner that is told to stop a step, or is lost; the step may go on for a while behind them.
pub(super) const STOPPING: [&str; 6] = [
    "The operation was canceled",
    "The run was canceled",
    "A task was canceled",
    "The runner has received a shutdown signal",
    "The job running on runner",
    "The hosted runner",
];

/// Other messages of a runner that gives up a step, without an exit code.
const GIVEN_UP: [&str; 3] = ["The self-hosted runner", "The action '", "No space left on device"];

/// An annotation behind other text.
static ANNOTATION: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("... ::error::"));

/// What a line says about the failure of the step it stands in: `Some(exit code)` if it does.
pub(super) fn failure(text: &str) -> Option<Option<i32>> {
    match text.as_bytes().first()? {
        b'#' => error_message(text.strip_prefix("##[error]")?),
        b'E' => match text.strip_prefix("Error: ") {
            Some(message) => error_message(message),
            None if text.starts_with("ERROR: Job failed") => Some(job_code(text)),
            None => text.starts_with("Exited with code ").then(|| exit_code(text)),
        },
        b'C' => text.starts_with("Command exited with code ").then(|| exit_code(text)),
        b'P' => text.starts_with("Process completed with exit code ").then(|| exit_code(text)),
        b'T' => text.starts_with("The job exceeded the maximum time limit").then_some(None),
        // A program may not end its line before the annotation.
        _ => error_message(&text[ANNOTATION.find(text.as_bytes())? + ANNOTATION.needle().len()..]),
    }
}

/// The exit code in `ERROR: Job failed: exit code 1`. Other reasons have numbers that are none.
pub(super) fn job_code(text: &str) -> Option<i32> {
    text.contains(": exit ").then(|| exit_code(text)).flatten()
}

fn error_message(message: &str) -> Option<Option<i32>> {
    let ended = [
        "Process completed with exit code ",
        "Docker run failed with exit code ",
        "Bash exited with code ",
        "Cmd.exe exited with code ",
        "PowerShell exited with code ",
    ];
    if ended.iter().any(|start| message.starts_with(start)) {
        return Some(exit_code(message));
    }
    let process = message.starts_with("The process '") && message.contains("' failed with exit code ");
    if process {
        return Some(exit_code(message));
    }
    if message.starts_with("The process '") && message.ends_with("' failed with exit code null") {
        return Some(None);
    }
    STOPPING.iter().chain(&GIVEN_UP).any(|start| message.starts_with(start)).then_some(None)
}

/// The last number of a line such as `Process completed with exit code 1.`
pub(super) fn exit_code(text: &str) -> Option<i32> {
    let text = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let start = text.rfind(|c: char| !c.is_ascii_digit() && c != '-').map_or(0, |before| before + 1);
    text.get(start..)?.parse().ok()
}

/// Command and exit code of Travis' `The command "…" exited with 1.`
pub(super) fn travis(text: &str) -> Option<(&str, i32)> {
    let rest = text.strip_prefix("The command \"")?;
    let (command, end) = rest.rsplit_once("\" ")?;
    let end = end.strip_prefix("failed and ").unwrap_or(end).strip_prefix("exited with ")?;
    let digits = end.find(|c: char| !c.is_ascii_digit()).unwrap_or(end.len());
    Some((command, end[..digits].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_of_steps_are_known() {
        assert_eq!(failure("##[error]Process completed with exit code 2."), Some(Some(2)));
        assert_eq!(failure("Error: Process completed with exit code 1."), Some(Some(1)));
        assert_eq!(failure("Process completed with exit code -1073741819."), Some(Some(-1_073_741_819)));
        assert_eq!(failure("##[error]The operation was canceled."), Some(None));
        assert_eq!(failure("##[error]The process '/usr/bin/git' failed with exit code 128"), Some(Some(128)));
        let null = "The process '/usr/bin/conda' failed with exit code null";
        assert_eq!(failure(&format!("Solving environment: ...working... ::error::{null}")), Some(None));
        assert_eq!(failure("Exited with code exit status 137"), Some(Some(137)));
        assert_eq!(failure("ERROR: Job failed: exit code 1"), Some(Some(1)));
        assert_eq!(failure("ERROR: Job failed (system failure): no image python:9"), Some(None));
        assert_eq!(failure("Command exited with code 3"), Some(Some(3)));
        assert_eq!(failure("##[error]Bash exited with code '2'."), Some(Some(2)));
    }

    #[test]
    fn other_lines_say_nothing() {
        for text in ["", "##[error]src/a.py:1:1: F401 unused", "Error: no such file", "exit code 1", "Processing"] {
            assert_eq!(failure(text), None, "{text}");
        }
    }

    #[test]
    fn travis_says_command_and_code() {
        assert_eq!(travis(r#"The command "make "x" test" exited with 2."#), Some((r#"make "x" test"#, 2)));
        assert_eq!(travis(r#"The command "pip install" failed and exited with 1 during ."#), Some(("pip install", 1)));
        assert_eq!(travis("The command failed"), None);
    }
}
