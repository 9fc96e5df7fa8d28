//! The checks of a failed job, from its log.

use super::{equivalent, is_only_linters, pre_commit, short_name, workflow};
use crate::logs::Diagnosis;
use crate::shell::Script;
use repair_core::{Check, Log, Snapshot, Step, StepOutcome};
use std::collections::BTreeMap;

/// The commands that failed in the log, and the linters that passed before, which must go on passing.
///
/// Linters that the failure kept from running are added from the repository's workflow file.
/// pre-commit, which would download its hooks, is stood for by the hooks' programs; an action, or a log that names no
/// command, by [`equivalent`] commands.
pub fn from_log(log: &Log, diagnosis: &Diagnosis, snapshot: &Snapshot) -> Vec<Check> {
    let steps: Vec<(&Step, Check)> = log.steps.iter().filter_map(|step| Some((step, check_of(step)?))).collect();
    let last_failed = steps.iter().rfind(|(step, _)| has_failed(step)).map(|(_, check)| check.command.clone());
    let mut checks: Vec<Check> = steps.into_iter().map(|(_, check)| check).collect();
    if let Some(command) = &last_failed {
        let hidden = workflow::behind(command, snapshot);
        let fresh: Vec<Check> =
            hidden.into_iter().filter(|check| checks.iter().all(|known| known.command != check.command)).collect();
        checks.extend(fresh);
    }
    let hooks_failed = log.steps.iter().any(|step| has_failed(step) && runs_hooks(step));
    let instead = match (hooks_failed, &last_failed) {
        (true, _) => pre_commit::hooks(&diagnosis.failures, snapshot),
        (false, None) => equivalent(&diagnosis.failures),
        (false, Some(_)) => Vec::new(),
    };
    checks.splice(0..0, instead);
    let mut names = BTreeMap::new();
    for check in &mut checks {
        let number = names.entry(check.name.clone()).and_modify(|number| *number += 1).or_insert(1);
        if *number > 1 {
            check.name = format!("{} ({number})", check.name);
        }
    }
    checks
}

fn has_failed(step: &Step) -> bool {
    matches!(step.outcome, StepOutcome::Failed(_))
}

fn check_of(step: &Step) -> Option<Check> {
    let command = step.command.as_deref().map(str::trim).filter(|command| !command.is_empty())?;
    let wanted = if has_failed(step) { is_repeatable(command) } else { only_lints(step, command) };
    wanted.then(|| Check {
        name: short_name(command),
        command: command.to_owned(),
        working_directory: step.working_directory.as_deref().and_then(below_checkout),
        environment: step.environment.iter().filter(|(name, value)| is_the_jobs_own(name, value)).map(owned).collect(),
        entire: false,
    })
}

fn owned((name, value): (&String, &String)) -> (String, String) {
    (name.clone(), value.clone())
}

/// Whether the step runs pre-commit, by itself or as an action.
fn runs_hooks(step: &Step) -> bool {
    let command = step.command.as_deref().or(step.name.as_deref()).unwrap_or_default();
    command.trim_start().starts_with("pre-commit/action") || calls_pre_commit(command)
}

fn calls_pre_commit(command: &str) -> bool {
    Script::parse(command).invocations().any(|call| matches!(call.tool, "pre-commit" | "prek"))
}

/// Actions are not commands, and pre-commit installs its hooks from the network.
fn is_repeatable(command: &str) -> bool {
    let is_action = !command.contains(char::is_whitespace) && command.contains('/') && command.contains('@');
    !is_action && !calls_pre_commit(command)
}

fn only_lints(step: &Step, command: &str) -> bool {
    step.outcome == StepOutcome::Passed && is_only_linters(command)
}

/// A working directory of the runner relative to the checkout; `None` is the checkout itself.
fn below_checkout(folder: &str) -> Option<String> {
    let folder = folder.trim_end_matches('/');
    if !folder.starts_with('/') {
        let relative = folder.trim_start_matches("./");
        return (!relative.is_empty() && relative != ".").then(|| relative.to_owned());
    }
    // The runner checks out to `…/work/NAME/NAME`.
    let parts: Vec<&str> = folder.split('/').collect();
    let twice = parts.windows(2).position(|pair| pair[0] == pair[1] && !pair[0].is_empty())?;
    let rest = parts[twice + 2..].join("/");
    (!rest.is_empty()).then_some(rest)
}

/// Variables that describe the runner are not the job's own, and masked values are not values.
fn is_the_jobs_own(name: &str, value: &str) -> bool {
    const RUNNERS: &[&str] = &["PATH", "HOME", "PKG_CONFIG_PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "TMPDIR"];
    const PREFIXES: &[&str] = &["GITHUB_", "RUNNER_", "ACTIONS_", "UV_", "PIP_", "POETRY_", "pythonLocation", "Python"];
    !RUNNERS.contains(&name) && !PREFIXES.iter().any(|prefix| name.starts_with(prefix)) && !value.contains("***")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(command: &str, outcome: StepOutcome) -> Step {
        let mut step = Step::default();
        step.command = Some(command.to_owned());
        step.outcome = outcome;
        step
    }

    fn nothing() -> Snapshot {
        Snapshot::from_files::<Vec<u8>>([])
    }

    fn log(steps: Vec<Step>) -> Log {
        let mut log = Log::default();
        log.steps = steps;
        log
    }

    fn commands(steps: Vec<Step>) -> Vec<String> {
        let log = log(steps);
        from_log(&log, &crate::logs::diagnose(&log), &nothing()).into_iter().map(|check| check.command).collect()
    }

    #[test]
    fn failed_commands_and_passed_linters_are_checks() {
        let passed = StepOutcome::Passed;
        let steps = vec![
            step("actions/checkout@v4", passed),
            step("pip install -e .", passed),
            step("ruff check .", passed),
            step("pytest", StepOutcome::Failed(Some(1))),
            step("mypy src && deploy", passed),
        ];
        assert_eq!(commands(steps), ["ruff check .", "pytest"]);
    }

    #[test]
    fn actions_and_downloads_are_not_repeated() {
        let failed = StepOutcome::Failed(Some(1));
        assert!(
            commands(vec![step("pre-commit run --all-files", failed), step("psf/black@stable", failed)]).is_empty()
        );
    }

    #[test]
    fn the_runners_own_variables_and_folders_stay_behind() {
        let mut pytest = step("pytest", StepOutcome::Failed(Some(1)));
        pytest.working_directory = Some("/home/runner/work/app/app/backend".into());
        for (name, value) in [("DJANGO_SETTINGS_MODULE", "s"), ("pythonLocation", "/opt/x"), ("API_KEY", "***")] {
            pytest.environment.insert(name.into(), value.into());
        }
        let log = log(vec![pytest]);
        let check = from_log(&log, &crate::logs::diagnose(&log), &nothing()).remove(0);
        assert_eq!(check.working_directory.as_deref(), Some("backend"));
        assert_eq!(check.environment.keys().collect::<Vec<_>>(), ["DJANGO_SETTINGS_MODULE"]);
        assert_eq!(below_checkout("/home/runner/work/app/app"), None);
        assert_eq!(below_checkout("./docs"), Some("docs".into()));
    }

    #[test]
    fn the_same_command_twice_gets_two_names() {
        let failed = StepOutcome::Failed(Some(1));
        let log = log(vec![step("pytest", failed), step("pytest", failed)]);
        let names: Vec<String> =
            from_log(&log, &crate::logs::diagnose(&log), &nothing()).into_iter().map(|check| check.name).collect();
        assert_eq!(names, ["pytest", "pytest (2)"]);
    }
}
