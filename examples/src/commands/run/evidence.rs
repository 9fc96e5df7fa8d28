//! What a run says of its failures: logs, annotations, JUnit files, coverage reports.

use super::ending::Ending;
use super::jobs::{self, Told};
use super::{annotations, artifacts};
use crate::github::{Connection, redactor};
use crate::progress::Progress;
use anyhow::Result;
use repair_core::bundle::Source;
use repair_core::forge::{Annotation, BRANCH_PREFIX, Forge, Job, Reason, RepositoryName, Run, SWITCH, is_off};
use repair_core::{Category, Fingerprint, Log, RepoPath, Snapshot};
use repair_fixers::logs::results::Results;
use repair_fixers::logs::{Conclusion, Diagnosis, Part, Reader, coverage, diagnose, junit};
use repair_fixers::workflow;
use repair_github::CheckRun;
use std::collections::BTreeSet;

/// All that a run says, not yet understood.
pub(super) struct Gathered {
    source: Source,
    log: Log,
    annotations: Vec<Annotation>,
    /// Reports among the artifacts, and all notes.
    results: Results,
}

/// What failed, and where it says so.
pub(super) struct Found {
    /// What ran.
    pub(super) source: Source,
    /// The logs of the failed jobs.
    pub(super) log: Log,
    /// What they say.
    pub(super) diagnosis: Diagnosis,
    /// Whether `publish` can find the run again.
    pub(super) is_run: bool,
}

/// Reads all that the run's failed jobs say.
pub(super) async fn gather(connection: &Connection, run: &Run, progress: &Progress) -> Result<Gathered> {
    let Told { names, reader, annotations, mut notes } = jobs::read(connection, run, progress).await?;
    progress.step("looking for results of tests among the artifacts");
    let mut results = artifacts::read(connection, run).await;
    notes.append(&mut results.notes);
    results.notes = notes;
    let source = Source {
        repository: run.repository.clone(),
        run: run.id,
        attempt: run.attempt,
        head_sha: run.head_sha.clone(),
        head_branch: run.head_branch.clone(),
        workflow: run.workflow.clone(),
        jobs: names,
        url: run.url.clone(),
    };
    Ok(Gathered { source, log: reader.finish(), annotations, results })
}

impl Gathered {
    /// Adds what only the workflow's file says of the jobs: folders, variables, services.
    pub(super) fn complete(&mut self, workflow: &str, files: &Snapshot) {
        let text = |file: &str| files.text(&RepoPath::new(file).ok()?).ok();
        if let Some(workflow) = text(workflow) {
            self.results.notes.extend(workflow::complete(&mut self.log, workflow, &text));
        }
    }

    /// What failed, without what people have declined to have repaired. `files` are the repository's, if they are known.
    pub(super) fn diagnosed(self, files: Option<&Snapshot>, declined: &BTreeSet<Fingerprint>) -> Found {
        let mut diagnosis = diagnose(&self.log);
        let more = annotations::failures(&self.annotations, &diagnosis.failures);
        if !more.is_empty() {
            diagnosis.failures.extend(more);
            diagnosis.conclusion = Conclusion::Failed;
        }
        let Results { junit, coverage, notes, .. } = self.results;
        let is_file = |path: &RepoPath| files.is_some_and(|files| files.contains(path));
        if !junit.is_empty() {
            diagnosis = junit::join(&self.log, diagnosis, &junit, &is_file);
        }
        diagnosis.notes.splice(0..0, notes);
        let before = diagnosis.failures.len();
        // They were told without secrets, and are known by what was told.
        let redactor = redactor();
        diagnosis.failures.retain(|failure| !declined.contains(&failure.redacted(&redactor).fingerprint()));
        let left_out = before - diagnosis.failures.len();
        if left_out > 0 {
            let what = crate::output::counted(left_out, "failure");
            diagnosis.notes.push(format!("{what} left alone, since a pull request for the same was closed unmerged"));
        }
        if diagnosis.failures.iter().any(|failure| failure.category == Category::Coverage) {
            diagnosis.notes.extend(coverage::join(&coverage, &self.log, &is_file).note());
        }
        if diagnosis.failures.is_empty() && left_out == 0 {
            diagnosis.notes.push("no failure was found in what the failed jobs say".to_owned());
        }
        Found { source: self.source, log: self.log, diagnosis, is_run: true }
    }
}

/// What a check of another app says. There is no log and no run, so it is diagnosed only.
pub(super) async fn of_check(connection: &Connection, repository: &RepositoryName, check: &CheckRun) -> Result<Ending> {
    let off = connection.github.variable(repository, SWITCH).await.map_err(|error| connection.told(error))?;
    match () {
        () if !check.failed => return Ok(Ending::left(Reason::NotFailed)),
        () if check.head_branch.as_deref().is_some_and(|branch| branch.starts_with(BRANCH_PREFIX)) => {
            return Ok(Ending::left(Reason::Ours));
        }
        () if off.as_deref().is_some_and(is_off) => return Ok(Ending::left(Reason::SwitchedOff)),
        () => {}
    }
    let mut job = Job::new(0, &check.name);
    job.check_run = Some(check.id);
    let said = connection.github.annotations(repository, &job).await.map_err(|error| connection.told(error))?;
    let mut reader = Reader::default();
    let text = format!("{}\n{}", check.output.join("\n"), annotations::as_log(&said));
    reader.read(&Part::job(&check.name), text.as_bytes())?;
    let source = Source {
        repository: repository.clone(),
        run: check.id,
        attempt: 1,
        head_sha: check.head_sha.clone(),
        head_branch: check.head_branch.clone(),
        workflow: check.app.clone(),
        jobs: vec![check.name.clone()],
        url: check.url.clone(),
    };
    let (log, results) = (reader.finish(), Results::default());
    let found = Gathered { source, log, annotations: said, results }.diagnosed(None, &BTreeSet::new());
    let why = "only diagnosed: of a check of another app there is no log, only what it says".to_owned();
    Ok(Ending::diagnosed(Found { is_run: false, ..found }, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "a.py:1:1: F401 'os' imported but unused\nb.py:2:1: F821 undefined name 'x'\n";

    fn gathered() -> Gathered {
        let source = Source {
            repository: "octocat/hello".parse().unwrap(),
            run: 7,
            attempt: 1,
            head_sha: "abc".to_owned(),
            head_branch: None,
            workflow: None,
            jobs: Vec::new(),
            url: String::new(),
        };
        let mut reader = Reader::default();
        reader.read(&Part::job("lint"), LOG.as_bytes()).unwrap();
        let mut results = Results::default();
        results.notes.push("first".to_owned());
        Gathered { source, log: reader.finish(), annotations: Vec::new(), results }
    }

    fn codes(found: &Found) -> Vec<&str> {
        found.diagnosis.failures.iter().filter_map(|failure| failure.code.as_deref()).collect()
    }

    #[test]
    fn what_people_declined_is_left_alone_and_told() {
        let all = gathered().diagnosed(None, &BTreeSet::new());
        assert_eq!((codes(&all), &all.diagnosis.notes), (vec!["F401", "F821"], &vec!["first".to_owned()]));
        let declined = BTreeSet::from([all.diagnosis.failures[0].fingerprint()]);
        let left = gathered().diagnosed(None, &declined);
        assert_eq!(codes(&left), ["F821"]);
        assert!(left.diagnosis.notes[1].starts_with("1 failure left alone"), "{:?}", left.diagnosis.notes);
        let declined = all.diagnosis.failures.iter().map(repair_core::Failure::fingerprint).collect();
        let none = gathered().diagnosed(None, &declined);
        assert!(codes(&none).is_empty() && none.diagnosis.notes.len() == 2, "{:?}", none.diagnosis.notes);
    }
}
