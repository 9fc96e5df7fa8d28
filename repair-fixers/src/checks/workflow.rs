//! Steps of the failed job that never ran, from the repository's workflow files.

use super::{is_only_linters, short_name};
use repair_core::{Check, RepoPath, Snapshot};
use yaml_serde::Value;

/// The linters that the workflow runs behind the step with this command, which the failure kept from running.
///
/// All that they report counts as hidden by the failure, so all of it is to be repaired.
pub(super) fn behind(command: &str, snapshot: &Snapshot) -> Vec<Check> {
    let folder = RepoPath::new(".github/workflows").ok();
    let is_workflow = |path: &&RepoPath| path.parent() == folder && matches!(path.extension(), Some("yml" | "yaml"));
    let jobs = snapshot.paths().filter(is_workflow).filter_map(|path| jobs(snapshot.text(path).ok()?));
    let later = jobs.flatten().find_map(|steps| {
        let place = steps.iter().position(|step| same(step, command))?;
        Some(steps[place + 1..].to_vec())
    });
    let wanted = later.unwrap_or_default().into_iter().filter(|step| !step.contains("${{") && is_only_linters(step));
    wanted.map(|step| Check { name: short_name(&step), command: step, entire: true, ..Check::default() }).collect()
}

/// The commands of each job's steps.
fn jobs(text: &str) -> Option<Vec<Vec<String>>> {
    let document: Value = yaml_serde::from_str(text).ok()?;
    let jobs = document.get("jobs")?.as_mapping()?;
    let commands = |job: &Value| {
        let steps = job.get("steps").and_then(Value::as_sequence).cloned().unwrap_or_default();
        let run = |step: &Value| Some(step.get("run")?.as_str()?.trim().to_owned());
        steps.iter().filter_map(run).collect()
    };
    Some(jobs.iter().map(|(_, job)| commands(job)).collect())
}

fn same(one: &str, other: &str) -> bool {
    one.split_whitespace().eq(other.split_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    const WORKFLOW: &str = "#- .github/workflows/ci.yml
on: push
jobs:
  quality:
    steps:
      - uses: actions/checkout@v4
      - run: pip install ruff
      - name: lint
        run: |
          ruff check .
      - run: ruff format --check .
      - run: black --check ${{ matrix.folder }}
      - run: ./deploy
";

    #[test]
    fn linters_behind_the_failed_step_are_checks() {
        let checks = behind("ruff  check .", &Fixture::new(WORKFLOW).snapshot);
        let commands: Vec<(&str, bool)> = checks.iter().map(|check| (check.command.as_str(), check.entire)).collect();
        assert_eq!(commands, [("ruff format --check .", true)]);
    }

    #[test]
    fn a_command_of_no_workflow_and_a_broken_workflow_have_nothing_behind() {
        assert_eq!(behind("mypy .", &Fixture::new(WORKFLOW).snapshot), []);
        assert_eq!(behind("mypy .", &Fixture::new("#- .github/workflows/ci.yml\njobs: [}\n").snapshot), []);
    }
}
