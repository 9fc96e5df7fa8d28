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
    let later = jobs.flatten().find_map(|steps| commands_behind(&steps, command)).unwrap_or_default();
    let wanted = later.into_iter().filter(|line| !line.contains("${{") && is_only_linters(line));
    wanted.map(|line| Check { name: short_name(&line), command: line, entire: true, ..Check::default() }).collect()
}

/// The lines of the steps behind the one that is `command`, or of which it is a line; `None` if there is no such step.
fn commands_behind(steps: &[String], command: &str) -> Option<Vec<String>> {
    let place = steps.iter().position(|step| same(step, command) || lines(step).any(|line| same(&line, command)))?;
    let own = lines(&steps[place]).skip_while(|line| !same(line, command)).skip(1);
    let rest = if same(&steps[place], command) { Vec::new() } else { own.collect() };
    Some(rest.into_iter().chain(steps[place + 1..].iter().flat_map(|step| lines(step))).collect())
}

/// The lines of a script, continued ones as one.
fn lines(step: &str) -> impl Iterator<Item = String> {
    let joined = step.replace("\\\n", " ");
    joined.lines().map(|line| line.trim().to_owned()).collect::<Vec<_>>().into_iter()
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
    fn the_rest_of_the_failed_script_is_behind_too() {
        let workflow = "#- .github/workflows/ci.yml\njobs:\n  a:\n    steps:\n      - run: |\n          pip install x\n          black --check .\n          ruff \\\n            src\n";
        let commands: Vec<String> = behind("black --check .", &Fixture::new(workflow).snapshot)
            .into_iter()
            .map(|check| check.command)
            .collect();
        assert_eq!(
            commands.iter().map(|command| command.split_whitespace().collect()).collect::<Vec<Vec<_>>>(),
            [["ruff", "src"]]
        );
        assert_eq!(behind("pip install x\nblack --check .\nruff src", &Fixture::new(workflow).snapshot), []);
    }

    #[test]
    fn a_command_of_no_workflow_and_a_broken_workflow_have_nothing_behind() {
        assert_eq!(behind("mypy .", &Fixture::new(WORKFLOW).snapshot), []);
        assert_eq!(behind("mypy .", &Fixture::new("#- .github/workflows/ci.yml\njobs: [}\n").snapshot), []);
    }
}
