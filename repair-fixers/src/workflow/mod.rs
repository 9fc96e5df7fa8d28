//! What only a workflow's file says of a failed job: folders, variables, Python, services.
//!
//! A log shows commands with their variables, but not the folder that they ran in, nor what ran beside them.

mod describe;
mod described;
mod evaluate;
mod expression;
mod job;
mod matrix;

pub use described::{Condition, Given, Image, Job, JobStep, Port};

use describe::Describe;
use job::{Entry, Jobs};
use repair_core::{Log, Step};
use std::collections::{BTreeMap, BTreeSet};
use yaml_serde::Value;

/// Adds to the log's steps what the workflow's file says of them and the log does not; gives what is to be said of the
/// jobs.
///
/// A job is known by its name, with the values of its matrix; a step by its command. A job of a workflow that this one
/// calls (`uses: ./…`) is looked for there: `called` gives such a file. What cannot be found or understood stays as it
/// is. Nothing that the log says is overwritten.
pub fn complete<'a>(log: &mut Log, workflow: &str, called: &dyn Fn(&str) -> Option<&'a str>) -> Vec<String> {
    let Some(jobs) = Jobs::parse(workflow) else { return Vec::new() };
    let mut others: BTreeMap<String, Option<Jobs>> = BTreeMap::new();
    let mut notes = BTreeSet::new();
    for step in &mut log.steps {
        let Some(name) = step.job.clone() else { continue };
        let job = match jobs.calls(&name) {
            Some((file, inner)) => {
                let other = others.entry(file.clone()).or_insert_with(|| called(&file).and_then(Jobs::parse));
                other.as_ref().and_then(|other| other.named(inner))
            }
            None => jobs.named(&name),
        };
        if let Some(job) = job {
            notes.extend(job.notes());
            enrich(step, &job);
        }
    }
    notes.into_iter().collect()
}

/// The job that is called `name` in a run of this workflow; `None` if there is none.
///
/// A job of a workflow that this one calls (`caller / job`) is looked for there: `called` gives such a file. `known` says
/// what expressions are worth that no file tells, such as `github.workspace`.
pub fn job<'a>(
    workflow: &str,
    name: &str,
    called: &dyn Fn(&str) -> Option<&'a str>,
    known: &BTreeMap<String, String>,
) -> Option<Job> {
    let jobs = Jobs::parse(workflow)?;
    let Some((file, inner)) = jobs.calls(name) else { return Some(jobs.named(name)?.described(known)) };
    let other = Jobs::parse(called(&file)?)?;
    let mut known = known.clone();
    let caller = name.split(" / ").next().and_then(|caller| jobs.named(caller));
    known.extend(caller.map(|caller| other.inputs(&caller)).unwrap_or_default());
    Some(other.named(inner)?.described(&known))
}

/// The steps of an action that is made of steps, from its `action.yml`; `None` if it is not.
///
/// `with` is what the action is given, `known` what expressions are worth.
pub fn composite(
    action: &str,
    with: &BTreeMap<String, Given>,
    known: &BTreeMap<String, String>,
) -> Option<Vec<JobStep>> {
    let action: Value = yaml_serde::from_str(action).ok()?;
    let runs = action.get("runs").filter(|runs| runs.get("using").and_then(Value::as_str) == Some("composite"))?;
    let mut known = known.clone();
    for (name, input) in action.get("inputs").and_then(Value::as_mapping).into_iter().flatten() {
        let Some(name) = name.as_str() else { continue };
        let value = match with.get(name) {
            Some(given) => given.known().map(str::to_owned),
            None => Some(input.get("default").and_then(matrix::text).unwrap_or_default()),
        };
        known.extend(value.map(|value| (format!("inputs.{name}"), value)));
    }
    Some(Describe { known: &known }.steps(runs, None, None))
}

fn enrich(step: &mut Step, job: &Entry<'_>) {
    if step.python.is_none() {
        step.python = job.python();
    }
    let Some(command) = step.command.as_deref() else { return };
    let (folder, variables) = job.around(command);
    if step.working_directory.is_none() {
        step.working_directory = folder;
    }
    for (name, value) in variables {
        step.environment.entry(name).or_insert(value);
    }
}

#[cfg(test)]
#[path = "job_tests.rs"]
mod job_tests;

#[cfg(test)]
mod tests {
    use super::*;

    const WORKFLOW: &str = "
on: push
env:
  SHARED: workflow
  TOKEN: ${{ secrets.TOKEN }}
defaults:
  run:
    working-directory: backend
jobs:
  test:
    name: Tests on ${{ matrix.python }}
    runs-on: ubuntu-latest
    container: python:3.12-slim
    services:
      db:
        image: postgres:16
    strategy:
      matrix:
        python: ['3.9', '3.10']
    env:
      SHARED: job
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-python@v5
        with:
          python-version: ${{ matrix.python }}
      - run: pytest -k ${{ matrix.python }} --seed ${{ github.run_id }}
        env:
          VERSION: py${{ matrix.python }}
      - run: |
          ruff check .
        working-directory: tools/
  lint:
    steps:
      - run: make lint
";

    fn step(job: &str, command: &str) -> Step {
        let mut step = Step::default();
        step.job = Some(job.to_owned());
        step.command = Some(command.to_owned());
        step
    }

    fn completed(steps: Vec<Step>) -> (Vec<Step>, Vec<String>) {
        let mut log = Log::default();
        log.steps = steps;
        let notes = complete(&mut log, WORKFLOW, &|_| None);
        (log.steps, notes)
    }

    #[test]
    fn a_step_gets_its_folder_its_variables_and_its_python() {
        let (steps, _) = completed(vec![step("Tests on 3.10", "pytest -k 3.10 --seed 77")]);
        assert_eq!(steps[0].working_directory.as_deref(), Some("backend"));
        assert_eq!(steps[0].python.as_deref(), Some("3.10"));
        let variables: Vec<_> =
            steps[0].environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(variables, [("SHARED", "job"), ("VERSION", "py3.10")]);
    }

    #[test]
    fn the_steps_own_folder_wins_and_the_log_wins_over_all() {
        let mut known = step("Tests on 3.9", "ruff check .");
        known.environment.insert("SHARED".into(), "log".into());
        known.python = Some("3.9.18".into());
        let (steps, _) = completed(vec![known, step("lint", "make lint"), step("lint", "unheard-of")]);
        assert_eq!(steps[0].working_directory.as_deref(), Some("tools/"));
        assert_eq!((steps[0].environment["SHARED"].as_str(), steps[0].python.as_deref()), ("log", Some("3.9.18")));
        assert_eq!(steps[1].working_directory.as_deref(), Some("backend"));
        assert_eq!(steps[2].working_directory, None, "a command that is not there may have run anywhere");
    }

    #[test]
    fn services_and_containers_are_told_once() {
        let (_, notes) = completed(vec![step("Tests on 3.9", "x"), step("Tests on 3.9", "y"), step("lint", "z")]);
        assert_eq!(notes.len(), 2, "{notes:?}");
        assert!(notes[0].contains("in the container `python:3.12-slim`"), "{notes:?}");
        assert!(notes[1].contains("with the services `db` (postgres:16)"), "{notes:?}");
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        let mut log = Log::default();
        log.steps = vec![step("other", "pytest"), Step::default()];
        for workflow in ["", "jobs: [}", "jobs:\n  other: 7\n", "jobs:\n  a:\n    uses: ./x.yml\n"] {
            assert_eq!(complete(&mut log, workflow, &|_| None), Vec::<String>::new());
        }
        assert_eq!(log.steps[0].working_directory, None);
    }

    #[test]
    fn a_job_of_a_called_workflow_is_looked_for_there() {
        let caller = "jobs:\n  checks:\n    name: All checks\n    uses: ./.github/workflows/checks.yml\n";
        let called = |file: &str| (file == ".github/workflows/checks.yml").then_some(WORKFLOW);
        let mut log = Log::default();
        log.steps = vec![step("All checks / Tests on 3.9", "ruff check ."), step("All checks / lint", "make lint")];
        let notes = complete(&mut log, caller, &called);
        assert_eq!(log.steps[0].working_directory.as_deref(), Some("tools/"));
        assert_eq!((log.steps[1].working_directory.as_deref(), notes.len()), (Some("backend"), 2));
        let elsewhere = "jobs:\n  checks:\n    uses: octocat/other/.github/workflows/x.yml@v1\n";
        log.steps = vec![step("checks / lint", "make lint")];
        complete(&mut log, elsewhere, &called);
        assert_eq!(log.steps[0].working_directory, None);
    }
}
