//! A forge that is written to.

use super::{Forge, ForgeError, PullRequest, RepositoryName};
use crate::RepoPath;
use async_trait::async_trait;
use std::time::SystemTime;

/// A forge, written to: the single steps of which publishing makes one pull request or one issue.
///
/// No step decides anything. None is repeated by itself if it may have had an effect: the error is then
/// [`Uncertain`](super::ForgeErrorKind::Uncertain), and the caller looks before it asks again.
#[async_trait]
pub trait Publisher: Forge {
    /// Who the forge takes us for, such as `github-actions[bot]`.
    async fn login(&self) -> Result<String, ForgeError>;

    /// Whether what we commit and open starts the repository's checks.
    fn starts_checks(&self) -> bool;

    /// Whether the repository's settings let us open pull requests; `None` if that may not be seen.
    async fn may_open_pull_requests(&self, repository: &RepositoryName) -> Result<Option<bool>, ForgeError>;

    /// The pull requests and issues that carry the label, open and closed, newest first.
    async fn labelled(&self, repository: &RepositoryName, label: &str) -> Result<Vec<Item>, ForgeError>;

    /// The pull requests, open and closed, whose head is this branch of the repository itself, newest first.
    async fn pull_requests_from(
        &self,
        repository: &RepositoryName,
        branch: &str,
    ) -> Result<Vec<PullRequest>, ForgeError>;

    /// A pull request as it is now, with whether it can be merged.
    async fn pull_request(&self, repository: &RepositoryName, number: u64) -> Result<PullRequest, ForgeError>;

    /// The commits that `head` has and `base` has not, oldest first; both are branches or commits.
    async fn commits_between(
        &self,
        repository: &RepositoryName,
        base: &str,
        head: &str,
    ) -> Result<Vec<Commit>, ForgeError>;

    /// Moves a branch from one commit to another, or makes it (`from` is `None`), or removes it (`to` is `None`).
    ///
    /// If the branch is not at `from`, nothing happens and the error is a
    /// [`Conflict`](super::ForgeErrorKind::Conflict).
    async fn move_branch(
        &self,
        repository: &RepositoryName,
        branch: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), ForgeError>;

    /// Commits files on top of `parent`, which must be the branch's head, and gives the commit. The forge signs it.
    ///
    /// If the branch is elsewhere, nothing happens and the error is a
    /// [`Conflict`](super::ForgeErrorKind::Conflict).
    async fn commit(
        &self,
        repository: &RepositoryName,
        branch: &str,
        parent: &str,
        commit: &NewCommit,
    ) -> Result<String, ForgeError>;

    /// Opens a pull request.
    ///
    /// If there is an open one of the same branches, the error is a [`Conflict`](super::ForgeErrorKind::Conflict); if
    /// the repository's settings forbid it, [`Forbidden`](super::ForgeErrorKind::Forbidden).
    async fn open_pull_request(
        &self,
        repository: &RepositoryName,
        new: &NewPullRequest,
    ) -> Result<PullRequest, ForgeError>;

    /// Changes the title and the text of a pull request or an issue, and whether it is open.
    async fn edit(&self, repository: &RepositoryName, number: u64, edit: &ItemEdit) -> Result<(), ForgeError>;

    /// Makes a pull request a draft, or ready for review.
    async fn set_draft(&self, repository: &RepositoryName, number: u64, draft: bool) -> Result<(), ForgeError>;

    /// Puts a label on a pull request or an issue; a label that the repository lacks is made.
    async fn label(&self, repository: &RepositoryName, number: u64, label: &str) -> Result<(), ForgeError>;

    /// Opens an issue with labels, and gives its number and page.
    async fn open_issue(
        &self,
        repository: &RepositoryName,
        title: &str,
        body: &str,
        labels: &[&str],
    ) -> Result<Item, ForgeError>;

    /// The comments on a pull request or an issue, oldest first.
    async fn comments(&self, repository: &RepositoryName, number: u64) -> Result<Vec<Comment>, ForgeError>;

    /// Comments on a pull request or an issue.
    async fn comment(&self, repository: &RepositoryName, number: u64, body: &str) -> Result<(), ForgeError>;

    /// Changes the text of a comment.
    async fn edit_comment(&self, repository: &RepositoryName, comment: u64, body: &str) -> Result<(), ForgeError>;

    /// The lines, in the files after it, that a pull request's diff shows.
    async fn lines_shown(&self, repository: &RepositoryName, number: u64) -> Result<Vec<LinesShown>, ForgeError>;

    /// Reviews a pull request at a commit, with suggestions that a person can take over one by one.
    async fn suggest(
        &self,
        repository: &RepositoryName,
        number: u64,
        commit: &str,
        body: &str,
        suggestions: &[Suggestion],
    ) -> Result<(), ForgeError>;
}

/// A pull request or an issue in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Item {
    /// Its number.
    pub number: u64,
    /// Whether it is a pull request.
    pub is_pull_request: bool,
    /// Whether it is open.
    pub open: bool,
    /// Whether it was merged.
    pub merged: bool,
    /// Whether it is an issue that was closed as not planned.
    pub not_planned: bool,
    /// Who opened it.
    pub author: Option<String>,
    /// Its text.
    pub body: String,
    /// Its labels.
    pub labels: Vec<String>,
    /// When it was opened.
    pub created: SystemTime,
    /// Its page, for people.
    pub url: String,
}

impl Item {
    /// An open issue of which nothing more is known.
    pub fn new(number: u64, created: SystemTime) -> Self {
        Self {
            number,
            is_pull_request: false,
            open: true,
            merged: false,
            not_planned: false,
            author: None,
            body: String::new(),
            labels: Vec::new(),
            created,
            url: String::new(),
        }
    }
}

/// A commit, as far as it matters whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Commit {
    /// Its name.
    pub sha: String,
    /// The account of its author, if the forge knows one.
    pub author: Option<String>,
    /// Its message.
    pub message: String,
    /// Whether the forge vouches for its signature.
    pub verified: bool,
    /// Whether it joins several commits.
    pub is_merge: bool,
}

impl Commit {
    /// A commit of nobody that is known.
    pub fn new(sha: impl Into<String>, message: impl Into<String>) -> Self {
        Self { sha: sha.into(), author: None, message: message.into(), verified: false, is_merge: false }
    }
}

/// A commit that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit {
    /// The message's first line.
    pub headline: String,
    /// The rest of the message, with its trailers.
    pub body: String,
    /// The files that change: their new contents, or `None` if they go.
    pub files: Vec<(RepoPath, Option<Vec<u8>>)>,
    /// Those of the files that are new. If one is there already, nothing is committed.
    pub created: Vec<RepoPath>,
}

/// A pull request that is to be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPullRequest {
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// The branch at its head.
    pub head: String,
    /// The branch that it goes to.
    pub base: String,
    /// Whether it is a draft.
    pub draft: bool,
}

/// What changes of a pull request or an issue; `None` stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ItemEdit {
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// Whether it is open.
    pub open: Option<bool>,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comment {
    /// Its number.
    pub id: u64,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it says.
    pub body: String,
}

impl Comment {
    /// A comment of nobody that is known.
    pub fn new(id: u64, body: impl Into<String>) -> Self {
        Self { id, author: None, body: body.into() }
    }
}

/// Lines of a file that a diff shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinesShown {
    /// The file.
    pub path: String,
    /// The first and the last line, from 1, both of them shown.
    pub lines: (u32, u32),
}

/// Lines that a person may replace with one click.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The file.
    pub path: RepoPath,
    /// The first and the last line that go, from 1.
    pub lines: (u32, u32),
    /// The whole lines that come in their place; empty if they only go.
    pub text: String,
    /// What is said of it.
    pub why: String,
}
