//! Where logs come from and repairs go: a forge such as GitHub.

mod access;
mod error;
mod inspect;
mod name;
mod publisher;
mod run;

pub use access::{Access, Circumstances, Permission, Reason};
pub use error::{ForgeError, ForgeErrorKind};
pub use inspect::{Inspected, SWITCH, inspect, is_off};
pub use name::{NameError, RepositoryName};
pub use publisher::{Comment, Commit, Item, ItemEdit, LinesShown, NewCommit, NewPullRequest, Publisher, Suggestion};
pub use run::{Annotation, Artifact, Conclusion, Job, JobStep, PullRequest, Run};

use async_trait::async_trait;
use std::io::Write;

/// The branches that are ours begin with this.
pub const BRANCH_PREFIX: &str = "ci-repair/";

/// The label that our pull requests and issues carry.
pub const LABEL: &str = "ci-repair";

/// The label with which people stop us, on a pull request or an issue.
pub const LABEL_OFF: &str = "ci-repair:off";

/// Whether a label is among others. To forges a label in capitals is the same one.
pub fn is_labelled(labels: &[String], label: &str) -> bool {
    labels.iter().any(|other| other.eq_ignore_ascii_case(label))
}

/// A forge, read from.
///
/// Every call fails with a [`ForgeError`] that says what was attempted. No call repeats by itself what may have had an
/// effect.
#[async_trait]
pub trait Forge: Send + Sync {
    /// Its name, such as `github`.
    fn id(&self) -> &'static str;

    /// What is known of a run; of its last attempt if none is named.
    async fn run(&self, repository: &RepositoryName, run: u64, attempt: Option<u32>) -> Result<Run, ForgeError>;

    /// The jobs of the run's attempt, in the forge's order.
    async fn jobs(&self, run: &Run) -> Result<Vec<Job>, ForgeError>;

    /// Writes a job's log to `into`, as plain text, and gives its size in bytes.
    ///
    /// A log that is longer than the forge's limit is [`ForgeErrorKind::TooLarge`]; one that has expired is
    /// [`ForgeErrorKind::Gone`].
    async fn log(
        &self,
        repository: &RepositoryName,
        job: u64,
        into: &mut (dyn Write + Send),
    ) -> Result<u64, ForgeError>;

    /// What tools said of lines of the source while the job ran.
    async fn annotations(&self, repository: &RepositoryName, job: &Job) -> Result<Vec<Annotation>, ForgeError>;

    /// The files that the run has put aside.
    async fn artifacts(&self, run: &Run) -> Result<Vec<Artifact>, ForgeError>;

    /// Writes an artifact's archive to `into` and gives its size in bytes.
    async fn artifact(&self, artifact: &Artifact, into: &mut (dyn Write + Send)) -> Result<u64, ForgeError>;

    /// The open pull request whose head is the run's: found by commit and head repository, for forks too.
    async fn pull_request_of(&self, run: &Run) -> Result<Option<PullRequest>, ForgeError>;

    /// The commit that a branch points to; `None` if there is no such branch.
    async fn head(&self, repository: &RepositoryName, branch: &str) -> Result<Option<String>, ForgeError>;

    /// Whether the branch is protected.
    async fn is_protected(&self, repository: &RepositoryName, branch: &str) -> Result<bool, ForgeError>;

    /// What a person or bot may do in the repository.
    async fn permission(&self, repository: &RepositoryName, login: &str) -> Result<Permission, ForgeError>;

    /// The name of the default branch.
    async fn default_branch(&self, repository: &RepositoryName) -> Result<String, ForgeError>;

    /// A configuration variable of the repository; `None` if it is not set or may not be seen.
    async fn variable(&self, repository: &RepositoryName, name: &str) -> Result<Option<String>, ForgeError>;

    /// The repository's files at a commit.
    async fn snapshot(&self, repository: &RepositoryName, commit: &str) -> Result<crate::Snapshot, ForgeError>;
}
