//! Runs, their jobs, and what belongs to them.

use super::RepositoryName;

/// How a run, a job or a step ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Conclusion {
    /// With success.
    Success,
    /// With a failure.
    Failure,
    /// Someone or something stopped it.
    Cancelled,
    /// It took too long.
    TimedOut,
    /// It did not run.
    Skipped,
    /// Otherwise: neutral, stale, waiting for a person, or a word that is newer than this program.
    Other,
}

impl Conclusion {
    /// Whether it is one that a repair may begin with.
    pub fn is_failure(self) -> bool {
        matches!(self, Self::Failure | Self::TimedOut)
    }
}

/// One attempt of one run of a workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// The repository it ran in.
    pub repository: RepositoryName,
    /// Its number on the forge.
    pub id: u64,
    /// The attempt, from 1.
    pub attempt: u32,
    /// The workflow's name.
    pub workflow: Option<String>,
    /// The workflow's file in the repository.
    pub workflow_path: Option<String>,
    /// What started it: `push`, `pull_request`, ….
    pub event: String,
    /// How it ended; `None` while it runs.
    pub conclusion: Option<Conclusion>,
    /// The commit it ran on.
    pub head_sha: String,
    /// The branch that commit came from.
    pub head_branch: Option<String>,
    /// The repository that commit came from; another one for forks, `None` if it was deleted.
    pub head_repository: Option<RepositoryName>,
    /// Who caused it first.
    pub actor: Option<String>,
    /// Who caused this attempt.
    pub triggering_actor: Option<String>,
    /// Its page, for people.
    pub url: String,
}

impl Run {
    /// A run of which nothing more is known.
    pub fn new(repository: RepositoryName, id: u64, head_sha: impl Into<String>) -> Self {
        Self {
            repository,
            id,
            attempt: 1,
            workflow: None,
            workflow_path: None,
            event: String::new(),
            conclusion: None,
            head_sha: head_sha.into(),
            head_branch: None,
            head_repository: None,
            actor: None,
            triggering_actor: None,
            url: String::new(),
        }
    }

    /// Whether the commit comes from another repository, or from one that is not known.
    pub fn is_from_fork(&self) -> bool {
        self.head_repository.as_ref() != Some(&self.repository)
    }
}

/// One job of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Job {
    /// Its number on the forge.
    pub id: u64,
    /// Its name with the matrix's values: `test (3.11, ubuntu-latest)`.
    pub name: String,
    /// How it ended; `None` while it runs.
    pub conclusion: Option<Conclusion>,
    /// Its steps, in order.
    pub steps: Vec<JobStep>,
    /// The labels of the runner that it asked for.
    pub labels: Vec<String>,
    /// The number of its check run, where the forge has those.
    pub check_run: Option<u64>,
    /// Its page, for people.
    pub url: Option<String>,
}

impl Job {
    /// A job of which nothing more is known.
    pub fn new(id: u64, name: impl Into<String>) -> Self {
        let (name, steps, labels) = (name.into(), Vec::new(), Vec::new());
        Self { id, name, conclusion: None, steps, labels, check_run: None, url: None }
    }
}

/// One step of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobStep {
    /// Its number, from 1.
    pub number: u64,
    /// Its name.
    pub name: String,
    /// How it ended; `None` while it runs.
    pub conclusion: Option<Conclusion>,
}

impl JobStep {
    /// A step.
    pub fn new(number: u64, name: impl Into<String>, conclusion: Option<Conclusion>) -> Self {
        Self { number, name: name.into(), conclusion }
    }
}

/// What a tool said of a line of the source while a job ran.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Annotation {
    /// The file.
    pub path: String,
    /// The first line, from 1.
    pub line: u32,
    /// `failure`, `warning` or `notice`.
    pub level: String,
    /// What was said.
    pub message: String,
}

impl Annotation {
    /// An annotation.
    pub fn new(path: impl Into<String>, line: u32, level: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), line, level: level.into(), message: message.into() }
    }
}

/// Files that a run has put aside, in one archive.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Artifact {
    /// The repository.
    pub repository: RepositoryName,
    /// Its number on the forge.
    pub id: u64,
    /// Its name.
    pub name: String,
    /// The archive's size in bytes, as the forge says.
    pub size: u64,
    /// Whether it can no longer be had.
    pub expired: bool,
}

impl Artifact {
    /// An artifact.
    pub fn new(repository: RepositoryName, id: u64, name: impl Into<String>, size: u64) -> Self {
        Self { repository, id, name: name.into(), size, expired: false }
    }
}

/// A pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// The commit at its head.
    pub head_sha: String,
    /// The branch at its head.
    pub head_branch: String,
    /// The repository of that branch; `None` if it was deleted.
    pub head_repository: Option<RepositoryName>,
    /// The branch that it goes to.
    pub base_branch: String,
    /// Whether it is open.
    pub open: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it can be merged as it is; `None` if the forge has not found out.
    pub mergeable: Option<bool>,
    /// Who opened it.
    pub author: Option<String>,
    /// Its text.
    pub body: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// Its page, for people.
    pub url: String,
}

impl PullRequest {
    /// An open pull request of which nothing more is known.
    pub fn new(number: u64, head_sha: impl Into<String>, head_branch: impl Into<String>) -> Self {
        Self {
            number,
            head_sha: head_sha.into(),
            head_branch: head_branch.into(),
            head_repository: None,
            base_branch: String::new(),
            open: true,
            merged: false,
            draft: false,
            mergeable: None,
            author: None,
            body: String::new(),
            labels: Vec::new(),
            url: String::new(),
        }
    }
}
