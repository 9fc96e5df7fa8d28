//! What has happened, as the script says.

use super::script::{ArtifactScript, JobScript, RunScript};
use std::collections::{BTreeMap, BTreeSet};

/// Numbers on GitHub have long been too large for 32 bits.
const FIRST_RUN: u64 = 30_433_642_000;

/// How many numbers of jobs and artifacts one run may take.
const SPAN: u64 = 10_000;

/// How many jobs an attempt may have.
const ATTEMPT: u64 = 1000;

/// The scripted side of a universe.
#[derive(Debug, Default)]
pub(crate) struct Scene {
    runs: Vec<StoredRun>,
    /// By repository and name.
    pub(crate) variables: BTreeMap<(String, String), String>,
    /// Whether tokens may not see them.
    pub(crate) variables_hidden: bool,
    /// The repositories in which Actions may not open pull requests.
    pub(crate) pulls_forbidden: BTreeSet<String>,
    /// Who each token is for.
    pub(crate) logins: BTreeMap<String, String>,
    /// The tokens of GitHub's own app.
    pub(crate) actions_tokens: BTreeSet<String>,
    /// The repository and its forks.
    pub(crate) repositories: Vec<String>,
}

/// A run with its numbers.
#[derive(Debug, Clone)]
pub(crate) struct StoredRun {
    pub(crate) id: u64,
    pub(crate) number: usize,
    pub(crate) repository: String,
    pub(crate) sha: String,
    pub(crate) script: RunScript,
}

impl Scene {
    /// Nothing has happened in this repository.
    pub(crate) fn new(repository: &str) -> Self {
        Self { repositories: vec![repository.to_owned()], ..Self::default() }
    }

    /// A run has taken place.
    pub(crate) fn add(&mut self, repository: &str, script: RunScript, sha: String) -> StoredRun {
        let number = self.runs.len() + 1;
        let id = FIRST_RUN + number as u64 * SPAN;
        let run = StoredRun { id, number, repository: repository.to_owned(), sha, script };
        self.runs.push(run.clone());
        run
    }

    /// A run by its number.
    pub(crate) fn run(&self, repository: &str, id: u64) -> Option<StoredRun> {
        self.runs.iter().find(|run| run.id == id && run.repository == repository).cloned()
    }

    /// All runs of a repository, oldest first.
    pub(crate) fn runs_of(&self, repository: &str) -> Vec<StoredRun> {
        self.runs.iter().filter(|run| run.repository == repository).cloned().collect()
    }

    /// A job by its number, with its run and attempt.
    pub(crate) fn job(&self, repository: &str, id: u64) -> Option<(StoredRun, usize, JobScript)> {
        self.runs_of(repository).into_iter().find_map(|run| {
            let attempts = 1..=run.script.attempts.len();
            let found = attempts.flat_map(|attempt| run.jobs(attempt).map(move |(known, job)| (known, attempt, job)));
            let (_, attempt, job) = found.into_iter().find(|(known, _, _)| *known == id)?;
            let job = job.clone();
            Some((run, attempt, job))
        })
    }

    /// An artifact by its number, with its run.
    pub(crate) fn artifact(&self, repository: &str, id: u64) -> Option<(StoredRun, ArtifactScript)> {
        self.runs_of(repository).into_iter().find_map(|run| {
            let artifact = run.artifacts().find(|(known, _)| *known == id)?.1.clone();
            Some((run, artifact))
        })
    }
}

impl StoredRun {
    /// The jobs of an attempt, with their numbers.
    pub(crate) fn jobs(&self, attempt: usize) -> impl Iterator<Item = (u64, &JobScript)> {
        let first = self.id + attempt as u64 * ATTEMPT;
        (first..).zip(&self.script.attempts[attempt - 1])
    }

    /// The artifacts, with their numbers.
    pub(crate) fn artifacts(&self) -> impl Iterator<Item = (u64, &ArtifactScript)> {
        (self.id + 100..).zip(&self.script.artifacts)
    }

    /// The numbers of the jobs of each attempt.
    pub(crate) fn numbers(&self) -> Vec<Vec<u64>> {
        (1..=self.script.attempts.len()).map(|attempt| self.jobs(attempt).map(|(id, _)| id).collect()).collect()
    }
}
