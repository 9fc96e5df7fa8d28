//! No memory, no disk, no time.

use super::{consequence, error_message, failure, network};
use repair_core::{Failure, Step, StepOutcome};

/// Signs of a disk or a memory that is full, anywhere in a line.
pub(super) const EXHAUSTED: [&str; 8] = [
    "No space left on device",
    "Disk quota exceeded",
    "not enough space on the disk",
    "Cannot allocate memory",
    "Out of memory",
    "oom-kill",
    "OOMKilled",
    "JavaScript heap out of memory",
];

/// A sign of exhaustion in a line.
pub(super) fn exhausted(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let sign = line.len() <= 2000 && !consequence::is_one(line) && EXHAUSTED.iter().any(|sign| is_told(line, sign));
    sign.then(|| network::described(step, index, line))
}

/// Whether a line has a sign, and not as what did not happen: `"OOMKilled": false`.
fn is_told(line: &str, sign: &str) -> bool {
    let value = |rest: &str| rest.trim_start_matches(['"', '\'', ':', '=', ' ']).get(..5).map(str::to_ascii_lowercase);
    line.split_once(sign).is_some_and(|(_, rest)| value(rest).as_deref() != Some("false"))
}

/// Sentences of a service that waited for too long or was told to stop, after which nothing else explains the end.
pub(super) const STALLED: [&str; 8] = [
    "The operation was canceled",
    "The run was canceled",
    "A task was canceled",
    "No output has been received in the last ",
    "Too long with no output (exceeded ",
    "execution took longer than ",
    "Canceling since a higher priority waiting request for ",
    "context deadline exceeded",
];

/// A step that was ended from outside.
pub(super) fn stalled(step: &Step, index: usize, line: &str) -> Option<Failure> {
    let text = error_message(line).unwrap_or(line).trim();
    let text = text.strip_prefix("ERROR: Job failed: ").unwrap_or(text);
    STALLED.iter().any(|sign| text.starts_with(sign)).then(|| failure(step, index, "github-actions", None, text))
}

/// A process that was killed: exit code 137, mostly for lack of memory.
pub(super) fn killed(step: &Step) -> Option<Failure> {
    let StepOutcome::Failed(Some(137)) = step.outcome else { return None };
    let lines = || step.output.iter().enumerate();
    let marked = lines().filter(|(_, line)| line.contains("137")).last();
    let shell = lines().find_map(|(_, line)| line.split_once(" Killed  ").map(|(_, rest)| rest.trim()));
    let tool = shell.or(step.command.as_deref()).and_then(crate::logs::command::tool);
    let (index, text) = marked.unwrap_or((step.output.len().saturating_sub(1), "exit code 137"));
    let text = error_message(text).unwrap_or(text);
    Some(failure(step, index, tool.as_deref().unwrap_or("shell"), Some("137"), text))
}

#[cfg(test)]
mod tests {
    use super::super::Trouble;
    use super::super::tests::{check, step};
    use repair_core::{LogParser, StepOutcome};

    #[test]
    fn disks_and_memories_that_are_full() {
        for line in [
            "System.IO.IOException: No space left on device : '/home/runner/runners/_diag/Worker.log'",
            "tar: x: Cannot write: No space left on device",
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
        ] {
            let found = Trouble.parse(&step(line, StepOutcome::Failed(Some(1)))).failures;
            assert_eq!(found.len(), 1, "{line}");
        }
        for line in ["OOMKilled: false", "    \"OOMKilled\": false,", "OOMKilled=False"] {
            assert!(Trouble.parse(&step(line, StepOutcome::Failed(Some(1)))).failures.is_empty(), "{line}");
        }
        assert_eq!(Trouble.parse(&step("OOMKilled: true", StepOutcome::Failed(Some(1)))).failures.len(), 1);
    }

    #[test]
    fn a_killed_process_is_named() {
        let text =
            "bash: line 1:   557 Killed                  poetry run pytest tests\nExited with code exit status 137";
        let found = Trouble.parse(&step(text, StepOutcome::Failed(Some(137)))).failures;
        assert_eq!((found[0].tool.as_str(), found[0].code.as_deref()), ("pytest", Some("137")));
    }

    #[test]
    fn steps_that_were_ended_from_outside() {
        check(
            &Trouble,
            "x\n##[error]The operation was canceled.",
            "github-actions",
            None,
            "The operation was canceled.",
        );
        check(
            &Trouble,
            "ERROR: Job failed: execution took longer than 1h0m0s seconds",
            "github-actions",
            None,
            "execution took longer than 1h0m0s seconds",
        );
        let travis = "No output has been received in the last 10m0s, this potentially indicates a stalled build";
        check(&Trouble, travis, "github-actions", None, travis);
    }
}
