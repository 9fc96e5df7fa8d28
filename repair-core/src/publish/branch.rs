//! Our branches: only with our prefix, and only as long as every commit on them is ours.

use super::case::{Case, Change};
use super::record::Record;
use super::{PublishError, Publishing, names, text};
use crate::forge::{BRANCH_PREFIX, Commit, ForgeError, ForgeErrorKind, NewCommit, PullRequest};
use crate::{FileChange, RepoPath};

/// How many names are tried for one failure.
const NAMES: usize = 10;

/// How many characters of a reason a commit's message has.
const REASON: usize = 400;

/// Where a new proposal may go.
pub(super) enum Place {
    /// To this branch, which is not there, or has nothing but commits of ours and no open pull request.
    Free(String),
    /// Nowhere: there is an open pull request.
    Proposed(Box<PullRequest>),
    /// Nowhere: a person has closed it. Its page.
    Declined(String),
}

impl Publishing<'_> {
    /// Finds the place for a new proposal.
    pub(super) async fn find_branch(&self, case: &Case<'_>) -> Result<Place, PublishError> {
        let repository = &case.run.repository;
        for number in 0..NAMES {
            let name = names::branch(case.first, &case.base, &case.default_branch, number);
            let requests = self.forge.pull_requests_from(repository, &name).await?;
            let there = self.forge.head(repository, &name).await?.is_some();
            for request in requests.into_iter().filter(|request| request.author.as_deref() == Some(&case.login)) {
                let record = Record::in_text(&request.body);
                match () {
                    () if request.open => return Ok(Place::Proposed(Box::new(request))),
                    () if !request.merged && !record.is_some_and(|record| record.ended_by_us) => {
                        return Ok(Place::Declined(request.url));
                    }
                    () => {}
                }
            }
            if !there || self.is_branch_ours(case, &case.base, &name).await? {
                return Ok(Place::Free(name));
            }
        }
        Err(PublishError::busy())
    }

    /// Whether a branch has our prefix, and nothing but commits of ours on top of the branch that it is for.
    pub(super) async fn is_branch_ours(&self, case: &Case<'_>, base: &str, branch: &str) -> Result<bool, PublishError> {
        if !branch.starts_with(BRANCH_PREFIX) {
            return Ok(false);
        }
        match self.forge.commits_between(&case.run.repository, base, branch).await {
            Ok(commits) => Ok(commits.iter().all(|commit| is_ours(commit, &case.login))),
            // More commits than we ever make, or no common history.
            Err(error) if matches!(error.kind(), ForgeErrorKind::TooLarge | ForgeErrorKind::NotFound) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Brings a branch to one commit with the change, on top of the commit that failed. A commit that does so already
    /// is kept.
    pub(super) async fn bring(
        &self,
        case: &Case<'_>,
        change: &Change,
        record: &Record,
        branch: &str,
    ) -> Result<(), PublishError> {
        let (repository, base) = (&case.run.repository, case.run.head_sha.as_str());
        let commit = self.new_commit(case, change, record)?;
        match self.forge.head(repository, branch).await? {
            None => {
                self.forge.move_branch(repository, branch, None, Some(base)).await?;
                self.forge.commit(repository, branch, base, &commit).await?;
            }
            Some(head) if head == base => drop(self.forge.commit(repository, branch, base, &commit).await?),
            Some(_) if self.has_it(case, branch, record).await? => {}
            Some(head) => {
                // Since it was looked at, somebody may have committed to it.
                self.insist_on_ours(case, branch).await?;
                let staging = names::staging(case.first, &record.patch, base);
                let made = self.stage(case, &commit, record, &staging).await?;
                self.forge.move_branch(repository, branch, Some(&head), Some(&made)).await?;
                self.remove(case, &case.base, &staging).await?;
            }
        }
        Ok(())
    }

    /// Makes the commit on a branch of its own, so that the branch of a pull request is never without its change: a
    /// forge closes a pull request that has none.
    async fn stage(
        &self,
        case: &Case<'_>,
        commit: &NewCommit,
        record: &Record,
        staging: &str,
    ) -> Result<String, PublishError> {
        let (repository, base) = (&case.run.repository, case.run.head_sha.as_str());
        match self.forge.head(repository, staging).await? {
            None => self.forge.move_branch(repository, staging, None, Some(base)).await?,
            Some(head) if head == base => {}
            Some(head) if self.has_it(case, staging, record).await? => return Ok(head),
            Some(head) => {
                self.insist_on_ours(case, staging).await?;
                self.forge.move_branch(repository, staging, Some(&head), Some(base)).await?;
            }
        }
        Ok(self.forge.commit(repository, staging, base, commit).await?)
    }

    /// A conflict if a branch is not ours. Whoever asks knows where it was before.
    async fn insist_on_ours(&self, case: &Case<'_>, branch: &str) -> Result<(), PublishError> {
        match self.is_branch_ours(case, &case.base, branch).await? {
            true => Ok(()),
            false => Err(PublishError::busy()),
        }
    }

    /// Whether a branch is one commit of ours with this change away from the commit that failed.
    async fn has_it(&self, case: &Case<'_>, branch: &str, record: &Record) -> Result<bool, PublishError> {
        let commits = self.forge.commits_between(&case.run.repository, &case.run.head_sha, branch).await?;
        let [only] = commits.as_slice() else { return Ok(false) };
        let said = Record::in_message(&only.message);
        Ok(is_ours(only, &case.login)
            && said.is_some_and(|said| said.patch == record.patch && said.head == case.run.head_sha))
    }

    /// Removes a branch of ours, if it is there and nobody has committed to it.
    pub(super) async fn remove(&self, case: &Case<'_>, base: &str, branch: &str) -> Result<(), PublishError> {
        let repository = &case.run.repository;
        if let Some(head) = self.forge.head(repository, branch).await?
            && self.is_branch_ours(case, base, branch).await?
        {
            let removed = self.forge.move_branch(repository, branch, Some(&head), None).await;
            return settled(removed);
        }
        Ok(())
    }

    fn new_commit(&self, case: &Case<'_>, change: &Change, record: &Record) -> Result<NewCommit, PublishError> {
        let files = change.changes.files().map(|(path, file)| Ok((path.clone(), contents(change, path, file)?)));
        let created = change.changes.files().filter(|(_, file)| matches!(file, FileChange::Create { .. }));
        let reasons = case.bundle.fixes.iter().map(|fix| {
            let reason = fix.reason.as_deref().map(|reason| format!(" ({reason})")).unwrap_or_default();
            format!("- {}\n", text::plain(&format!("{}{reason}", fix.title), REASON))
        });
        let said: String = reasons.take(20).collect();
        let run = if case.run.url.is_empty() { String::new() } else { format!("CI-Repair-Run: {}\n", case.run.url) };
        Ok(NewCommit {
            headline: self.outgoing_title(text::title(case.bundle)),
            body: self.outgoing(format!("{said}\n{run}{}", record.trailers())),
            files: files.collect::<Result<_, PublishError>>()?,
            created: created.map(|(path, _)| path.clone()).collect(),
        })
    }
}

fn contents(change: &Change, path: &RepoPath, file: &FileChange) -> Result<Option<Vec<u8>>, PublishError> {
    match file {
        FileChange::Delete { .. } => Ok(None),
        _ => Ok(Some(change.after.file(path).map_err(crate::ApplyError::from)?.bytes().to_vec())),
    }
}

/// Whether we made a commit: the forge vouches that it was our account, and it says what it repairs.
fn is_ours(commit: &Commit, login: &str) -> bool {
    commit.author.as_deref() == Some(login)
        && commit.verified
        && !commit.is_merge
        && Record::in_message(&commit.message).is_some()
}

/// What is done by somebody else is done.
pub(super) fn settled(result: Result<(), ForgeError>) -> Result<(), PublishError> {
    match result {
        Err(error) if matches!(error.kind(), ForgeErrorKind::Conflict | ForgeErrorKind::NotFound) => Ok(()),
        other => Ok(other?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Failure};

    fn ours() -> Commit {
        let fingerprint = Failure::new(Category::Test, "pytest").fingerprint();
        let mut commit = Commit::new("abc", format!("Repair\n\nCI-Repair-Fingerprint: {fingerprint}\n"));
        (commit.author, commit.verified) = (Some("bot".to_owned()), true);
        commit
    }

    #[test]
    fn a_commit_is_ours_only_if_everything_says_so() {
        assert!(is_ours(&ours(), "bot"));
        let not = |change: fn(&mut Commit)| {
            let mut commit = ours();
            change(&mut commit);
            !is_ours(&commit, "bot")
        };
        assert!(not(|commit| commit.author = Some("mallory".to_owned())));
        assert!(not(|commit| commit.author = None));
        assert!(not(|commit| commit.verified = false));
        assert!(not(|commit| commit.is_merge = true));
        assert!(not(|commit| commit.message = "Repair".to_owned()));
    }
}
