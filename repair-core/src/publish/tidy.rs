//! What is over leaves nothing behind.

use super::case::Case;
use super::{PublishError, Publishing};
use crate::forge::{Item, LABEL};
use std::time::Duration;

/// How old a pull request may be whose branch is still looked for.
const RECENT: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// How many of them are looked at.
const MOST: usize = 10;

impl Publishing<'_> {
    /// Removes the branches of pull requests of ours that were merged, as long as every commit on them is ours.
    pub(super) async fn tidy(&self, case: &Case<'_>) -> Result<(), PublishError> {
        let repository = &case.run.repository;
        let items = self.forge.labelled(repository, LABEL).await?;
        let over = |item: &&Item| {
            let age = case.now.duration_since(item.created).unwrap_or_default();
            item.merged && item.author.as_deref() == Some(&case.login) && age < RECENT
        };
        for item in items.iter().filter(over).take(MOST) {
            let request = self.forge.pull_request(repository, item.number).await?;
            if request.head_repository.as_ref() == Some(repository)
                && !self.has_another(case, &request.head_branch).await?
            {
                self.remove(case, &request.head_branch).await?;
            }
        }
        Ok(())
    }

    /// Whether a branch is the head of an open pull request.
    async fn has_another(&self, case: &Case<'_>, branch: &str) -> Result<bool, PublishError> {
        let requests = self.forge.pull_requests_from(&case.run.repository, branch).await?;
        Ok(requests.iter().any(|request| request.open))
    }
}
