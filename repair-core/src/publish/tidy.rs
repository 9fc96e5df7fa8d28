//! What is over leaves nothing behind.

use super::case::Case;
use super::record::Record;
use super::{PublishError, Publishing};
use crate::forge::{Item, LABEL, LABEL_OFF, is_labelled};
use std::time::Duration;

/// How old a pull request may be whose branch is still looked for.
const RECENT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many of them are looked at.
const MOST: usize = 10;

const STALE: &str = "This no longer fits the branch that it goes to. If what it repairs still fails there, the next failed run \
                     proposes it anew.";

impl Publishing<'_> {
    /// Removes the branches of pull requests of ours that were merged, as long as every commit on them is ours, and closes
    /// those that no longer fit their branch.
    pub(super) async fn tidy(&self, case: &Case<'_>) -> Result<(), PublishError> {
        let items = self.forge.labelled(&case.run.repository, LABEL).await?;
        let off = |item: &Item| is_labelled(&item.labels, LABEL_OFF);
        let ours = |item: &&Item| item.is_pull_request && item.author.as_deref() == Some(&case.login) && !off(item);
        let recent = |item: &&Item| case.now.duration_since(item.created).unwrap_or_default() < RECENT;
        for item in items.iter().filter(ours).filter(recent).filter(|item| item.merged).take(MOST) {
            self.tidy_merged(case, item.number).await?;
        }
        for item in items.iter().filter(ours).filter(|item| item.open).take(MOST) {
            self.tidy_stale(case, item).await?;
        }
        Ok(())
    }

    async fn tidy_merged(&self, case: &Case<'_>, number: u64) -> Result<(), PublishError> {
        let repository = &case.run.repository;
        let request = self.forge.pull_request(repository, number).await?;
        let branch = &request.head_branch;
        let ours = request.head_repository.as_ref() == Some(repository);
        if !ours || self.forge.head(repository, branch).await?.is_none() {
            return Ok(());
        }
        let others = self.forge.pull_requests_from(repository, branch).await?;
        match others.iter().any(|request| request.open) {
            true => Ok(()),
            false => self.remove(case, &request.base_branch, branch).await,
        }
    }

    /// Closes a pull request of something else than this case that cannot be merged any more. If what it repairs still
    /// fails, the next failed run proposes it anew.
    async fn tidy_stale(&self, case: &Case<'_>, item: &Item) -> Result<(), PublishError> {
        let Some(record) = Record::in_text(&item.body) else { return Ok(()) };
        if record.base == case.base && record.is_about(&case.fingerprints()) {
            return Ok(());
        }
        let request = self.forge.pull_request(&case.run.repository, item.number).await?;
        let (base, branch) = (&request.base_branch, &request.head_branch);
        let here = request.head_repository.as_ref() == Some(&case.run.repository);
        if !here || request.mergeable != Some(false) || !self.is_branch_ours(case, base, branch).await? {
            return Ok(());
        }
        self.end(case, &request, &record, STALE).await?;
        self.remove(case, base, branch).await
    }
}
