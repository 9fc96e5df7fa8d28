//! Jobs that only tell of others: `needs` of a workflow, looked at by a script.

use repair_core::Step;

/// Whether a step was given the result of a job that failed, so that it fails for no reason of its own.
///
/// The runner writes results into a script before it runs: `if [ "failure" != "success" ]`, or all of them as JSON.
pub(super) fn is_one(step: &Step) -> bool {
    let given = step.command.iter().chain(step.environment.values());
    given.into_iter().any(|text| ["\"failure\"", "'failure'"].iter().any(|result| text.contains(result)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{diagnose, read};

    #[test]
    fn results_stand_in_the_script_or_in_the_environment() {
        let mut step = Step::default();
        assert!(!is_one(&step));
        step.command = Some("if [ \"failure\" != \"success\" ]; then exit 1; fi".to_owned());
        assert!(is_one(&step));
        step.command = Some("./report.sh failure".to_owned());
        assert!(!is_one(&step));
        step.environment.insert("NEEDS".to_owned(), "{ \"lint\": { \"result\": \"failure\" } }".to_owned());
        assert!(is_one(&step));
    }

    fn job(name: &str, command: &str, output: &str) -> String {
        let lines = format!(
            "##[group]Run {command}\n{command}\nshell: /usr/bin/bash -e {{0}}\n##[endgroup]\n{output}\n##[error]Process \
             completed with exit code 1."
        );
        lines.lines().map(|line| format!("{name}\tcheck\t2024-01-01T00:00:00.0000000Z {line}\n")).collect()
    }

    #[test]
    fn a_job_that_tells_of_others_fails_only_where_they_are_not_known() {
        let gate = job("all", "if [ 'failure' != 'success' ]; then exit 1; fi", "some job failed");
        let lint = job("lint", "ruff check .", "a.py:1:1: F401 [*] `os` imported but unused\nFound 1 error.");
        let of = |text: &str| diagnose(&read(text.as_bytes()).unwrap()).failures;
        let both = of(&format!("{lint}{gate}"));
        assert_eq!(both.iter().map(|failure| failure.tool.as_str()).collect::<Vec<_>>(), ["ruff"]);
        assert_eq!(of(&gate)[0].message.as_deref(), Some("some job failed"));
    }
}
