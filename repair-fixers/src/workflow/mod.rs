//! What only a workflow's file says of a failed job: folders, variables, Python, services.
//!
//! A log shows commands with their variables, but not the folder that they ran in, nor what ran beside them.

mod expression;
mod job;
mod matrix;

use job::{Job, Jobs};
use repair_core::{Log, Step};
use std::collections::{BTreeMap, BTreeSet};

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

fn enrich(step: &mut Step, job: &Job<'_>) {
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
