//! Lines that only say that something before them failed.

/// Beginnings of such lines.
const STARTS: [&str; 65] = [
    "##[error]Process completed with exit code",
    "Error: Process completed with exit code",
    "Process completed with exit code",
    "##[error]The process '",
    "##[debug]",
    "##[warning]",
    "make: ***",
    "make[",
    "ERROR: InvocationError for command",
    "error: Recipe `",
    "nox > Command ",
    "nox > Session ",
    "nox > Ran multiple sessions",
    "nox > * ",
    "___________",
    "The command \"",
    "Done. Your build exited with",
    "Exited with code ",
    "Error: Command failed",
    "error Command failed",
    "subprocess.CalledProcessError: Command",
    "ERROR: Job failed",
    "Cleaning up ",
    "Uploading artifacts",
    "Post job cleanup",
    "Prepare all required actions",
    "Getting action download info",
    "Download action repository",
    "[command]",
    "ERROR: script returned exit code",
    "Finished: ",
    "[Pipeline]",
    "Build step '",
    "🚨 Error: The command exited with status",
    "user command error: exit status",
    "^^^ +++",
    "Command exited with code ",
    "The command '",
    "ERROR: failed to solve: process",
    "ERROR: failed to build: failed to solve: process",
    "ERROR: process \"",
    "failed to solve: process",
    "failed to solve: executor failed",
    "---> Running in",
    "Removing intermediate container",
    "##[error]Bash exited with code",
    "##[error]Cmd.exe exited with code",
    "##[error]PowerShell exited with code",
    "##[section]",
    "##[command]",
    "CircleCI received exit code",
    "exitcode '",
    "Job failed",
    "npm ERR!",
    "npm error",
    "ELIFECYCLE",
    "info Visit https://yarnpkg.com",
    "gmake: ***",
    "gmake[",
    "mingw32-make: ***",
    "error: recipe `",
    "task: Failed to run task",
    "Command exited with non-zero status",
    "Aborting on container exit",
    "script returned exit code",
];

/// Whether a line says only that something failed, or nothing that matters.
pub(super) fn is_one(line: &str) -> bool {
    let line = line.trim();
    if ["No rule to make target", "Missing script"].iter().any(|cause| line.contains(cause)) {
        return false;
    }
    STARTS.iter().any(|start| line.starts_with(start)) || is_wrapper_summary(line)
}

/// Whether a line is a notice of the runner that may follow anything: `Node 20 is being deprecated. …`
pub(super) fn is_notice(line: &str) -> bool {
    line.starts_with("Node ") && line.contains(" is being deprecated")
}

/// Whether a line is the word of the system that ran a step, and not of a program in it.
pub(super) fn of_runner(line: &str) -> bool {
    let starts =
        ["##[", "Process completed", "Error: Process completed", "Exited with", "ERROR: Job failed", "Finished: "];
    starts.iter().any(|start| line.trim_start().starts_with(start))
}

/// The summaries of tox: `py39: exit 1 (0.35 seconds) …`, `  py39: FAIL code 1 …`, `evaluation failed :( …`.
fn is_wrapper_summary(line: &str) -> bool {
    let line = line.strip_prefix("ERROR: ").map_or(line, str::trim_start);
    let named = line.split_once(": ").is_some_and(|(name, rest)| {
        let result = ["exit ", "FAIL", "OK ", "OK", "commands failed", "commands succeeded", "ERROR:"];
        !name.contains(' ') && result.iter().any(|start| rest.trim_start().starts_with(start)) && name.len() < 60
    });
    (named
        && !line.starts_with("E ")
        && (line.contains(" code ") || line.contains("exit ") || line.contains("commands ")))
        || line.starts_with("evaluation failed :(")
        || line.starts_with("congratulations :)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consequences_are_told_from_causes() {
        for line in [
            "##[error]Process completed with exit code 1.",
            "make: *** [Makefile:3: test] Error 1",
            "nox > Session tests-3.9 failed.",
            "  py39: FAIL code 1 (2.03=setup[1.99]+cmd[0.04] seconds)",
            "py39: exit 1 (0.35 seconds) /home/runner/work/a/a> pytest pid=12",
            "ERROR: InvocationError for command /usr/bin/pytest (exited with code 1)",
            "ERROR:   py39: commands failed",
            "ERROR: script returned exit code 1",
            "npm ERR! code ELIFECYCLE",
            "Command exited with code 1",
            "##[error]Bash exited with code '1'.",
        ] {
            assert!(is_one(line), "{line}");
        }
        for line in ["ValueError: exit", "ERROR: No matching distribution found for x", "test: ok", "##[error]x failed"]
        {
            assert!(!is_one(line), "{line}");
        }
    }
}
