//! GitHub, written to.
//!
//! Branches are moved and commits made through GraphQL: there, one step compares and changes, and GitHub signs what it
//! commits. Such a commit has no modes, so that one in which an executable file changes is put together otherwise. A
//! file keeps its mode; a new one is not executable.

use crate::GitHub;
use async_trait::async_trait;
use repair_core::forge::{
    Comment, Commit, ForgeError, Item, ItemEdit, LinesShown, NewCommit, NewPullRequest, Publisher, PullRequest,
    RepositoryName, Suggestion,
};

#[async_trait]
impl Publisher for GitHub {
    async fn login(&self) -> Result<String, ForgeError> {
        self.read_login().await
    }

    fn starts_checks(&self) -> bool {
        !self.client.is_workflow()
    }

    async fn may_open_pull_requests(&self, repository: &RepositoryName) -> Result<Option<bool>, ForgeError> {
        self.read_may_open(repository).await
    }

    async fn labelled(&self, repository: &RepositoryName, label: &str) -> Result<Vec<Item>, ForgeError> {
        self.list_labelled(repository, label).await
    }

    async fn pull_requests_from(
        &self,
        repository: &RepositoryName,
        branch: &str,
    ) -> Result<Vec<PullRequest>, ForgeError> {
        self.list_pulls_from(repository, branch).await
    }

    async fn pull_request(&self, repository: &RepositoryName, number: u64) -> Result<PullRequest, ForgeError> {
        self.read_pull(repository, number).await.map(PullRequest::from)
    }

    async fn commits_between(
        &self,
        repository: &RepositoryName,
        base: &str,
        head: &str,
    ) -> Result<Vec<Commit>, ForgeError> {
        self.compare(repository, base, head).await
    }

    async fn move_branch(
        &self,
        repository: &RepositoryName,
        branch: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), ForgeError> {
        self.swap(repository, branch, from, to).await
    }

    async fn commit(
        &self,
        repository: &RepositoryName,
        branch: &str,
        parent: &str,
        commit: &NewCommit,
    ) -> Result<String, ForgeError> {
        self.write_commit(repository, branch, parent, commit).await
    }

    async fn open_pull_request(
        &self,
        repository: &RepositoryName,
        new: &NewPullRequest,
    ) -> Result<PullRequest, ForgeError> {
        self.write_pull(repository, new).await
    }

    async fn edit(&self, repository: &RepositoryName, number: u64, edit: &ItemEdit) -> Result<(), ForgeError> {
        self.change(repository, number, edit).await
    }

    async fn set_draft(&self, repository: &RepositoryName, number: u64, draft: bool) -> Result<(), ForgeError> {
        self.change_draft(repository, number, draft).await
    }

    async fn label(&self, repository: &RepositoryName, number: u64, label: &str) -> Result<(), ForgeError> {
        self.put_label(repository, number, label).await
    }

    async fn open_issue(
        &self,
        repository: &RepositoryName,
        title: &str,
        body: &str,
        labels: &[&str],
    ) -> Result<Item, ForgeError> {
        self.write_issue(repository, title, body, labels).await
    }

    async fn comments(&self, repository: &RepositoryName, number: u64) -> Result<Vec<Comment>, ForgeError> {
        self.list_comments(repository, number).await
    }

    async fn comment(&self, repository: &RepositoryName, number: u64, body: &str) -> Result<(), ForgeError> {
        self.write_comment(repository, number, body).await
    }

    async fn edit_comment(&self, repository: &RepositoryName, comment: u64, body: &str) -> Result<(), ForgeError> {
        self.change_comment(repository, comment, body).await
    }

    async fn lines_shown(&self, repository: &RepositoryName, number: u64) -> Result<Vec<LinesShown>, ForgeError> {
        self.read_lines_shown(repository, number).await
    }

    async fn suggest(
        &self,
        repository: &RepositoryName,
        number: u64,
        commit: &str,
        body: &str,
        suggestions: &[Suggestion],
    ) -> Result<(), ForgeError> {
        self.write_review(repository, number, commit, body, suggestions).await
    }
}
