//! How much may be published.

use std::time::Duration;

/// What may be proposed, and how much of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishPolicy {
    /// Whether proven changes are proposed although failures remain. They then go into a draft.
    pub partial: bool,
    /// Whether a repair of a pull request becomes suggestions in a review, where every line of it is in that pull
    /// request's diff, rather than a pull request on top of it.
    pub suggest: bool,
    /// Whether issues are opened and comments written where nothing can be proposed.
    pub report: bool,
    /// The most pull requests of ours that are open at a time.
    pub open_pull_requests: usize,
    /// The most issues of ours that are open at a time.
    pub open_issues: usize,
    /// The most changes that are proposed for one failure of a branch and not merged: the first one, and what replaced it.
    pub attempts: u32,
    /// The most pull requests and issues that are opened in 24 hours.
    pub per_day: usize,
    /// How long after a change was proposed for a failure the next one may be.
    pub cool_down: Duration,
    /// Accounts that count as those who may write although the forge does not say so, such as `dependabot[bot]`.
    pub trusted: Vec<String>,
}

impl Default for PublishPolicy {
    fn default() -> Self {
        Self {
            partial: false,
            suggest: false,
            report: true,
            open_pull_requests: 10,
            open_issues: 10,
            attempts: 3,
            per_day: 20,
            cool_down: Duration::ZERO,
            trusted: Vec::new(),
        }
    }
}
