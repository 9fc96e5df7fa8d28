//! One pull request, or one honest report, out of a bundle.
//!
//! This is the half that may write to the forge. It executes nothing of the repository, and believes nothing of the
//! bundle that it can ask the forge about:
//!
//! ```text
//! bundle ─ is it whole ─ is it of this run ─ who may ─ does the patch fit ─ do the guards object ─┬─▶ pull request
//!                                                                                                  └─▶ issue or comment
//! ```
//!
//! There is one pull request for a failure of a branch. It is found again by its label or its branch, and updated.
//! Closed without merging it means "no". A branch of ours on which somebody has committed is theirs.

mod branch;
mod case;
mod error;
mod hindrance;
mod ledger;
mod names;
mod policy;
mod proposal;
mod record;
mod report;
mod suggestion;
mod template;
mod text;
mod tidy;

pub use error::PublishError;
pub use hindrance::Hindrance;
pub use policy::PublishPolicy;
pub use template::{TemplateError, Templates};

use crate::bundle::{Bundle, Conclusion};
use crate::forge::{
    Access, ForgeError, Inspected, Item, LABEL, LABEL_OFF, Publisher, Reason, RepositoryName, Run, inspect,
};
use crate::redact::Redactor;
use crate::{ChangeSet, Fingerprint, Guard, vet};
use case::{Case, Change};
use ledger::Ledger;
use std::collections::BTreeSet;
use std::time::SystemTime;

/// What publishing needs.
pub struct Publishing<'a> {
    /// Where to.
    pub forge: &'a dyn Publisher,
    /// Who objects to a change that cheats.
    pub guards: &'a [Box<dyn Guard>],
    /// How much may be published.
    pub policy: &'a PublishPolicy,
    /// What people read.
    pub templates: &'a Templates,
    /// Takes secrets out of every text that leaves.
    pub redactor: &'a Redactor,
    /// The time.
    pub now: SystemTime,
}

/// What came of publishing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Published {
    /// A pull request was opened.
    Opened {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
        /// Its branch.
        branch: String,
    },
    /// The pull request that there was is up to date now.
    Updated {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
    },
    /// The pull request that there was says all of this already.
    Unchanged {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
    },
    /// The change was suggested in a review of the pull request that failed.
    Suggested {
        /// Its number.
        number: u64,
        /// Its page.
        url: String,
    },
    /// An issue, or a comment on the pull request that failed, tells what was found.
    Reported {
        /// The number of the issue or the pull request.
        number: u64,
        /// Its page.
        url: String,
        /// Whether it is a new one.
        new: bool,
    },
    /// Nothing was done.
    Left(Left),
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Left {
    /// The run is not one to repair.
    #[error("{0}")]
    Access(Reason),
    /// The run was started again since.
    #[error("the run was started again since, as attempt {0}")]
    StartedAgain(u32),
    /// A person has closed what was proposed or reported.
    #[error("a person has closed {0}, which means no")]
    Declined(String),
    /// A person has put the label on that stops us.
    #[error("{0} carries the label `ci-repair:off`")]
    SwitchedOff(String),
    /// A person has given the pull request another branch to go to.
    #[error("somebody has changed where {0} comes from or goes to")]
    Moved(String),
    /// It would be too much.
    #[error("{0}")]
    Limit(String),
    /// Somebody else reports the same right now.
    #[error("another process is at work on the same report")]
    AtWork,
    /// There is nothing to tell.
    #[error("nothing failed")]
    NothingFailed,
    /// Reports are switched off, or have no place; what they would say.
    #[error("{0}, and there is no place to report it")]
    Silent(String),
}

impl Publishing<'_> {
    /// Publishes what a bundle says of a run of `repository`: of the run `expected`, if that is known from elsewhere.
    pub async fn publish(
        &self,
        bundle: &Bundle,
        patch: &str,
        repository: &RepositoryName,
        expected: Option<u64>,
    ) -> Result<Published, PublishError> {
        let inspected = self.inspect(bundle, repository, expected).await?;
        let why = match inspected.access {
            Access::Leave(reason) => return Ok(Published::Left(Left::Access(reason))),
            Access::Diagnose(reason) => Some(Hindrance::Diagnosed(reason)),
            _ if inspected.run.attempt != bundle.source.attempt => {
                return Ok(Published::Left(Left::StartedAgain(inspected.run.attempt)));
            }
            _ => Hindrance::of(bundle, self.policy.partial),
        };
        let Some(case) = self.case(bundle, patch, inspected).await? else {
            return Ok(Published::Left(Left::NothingFailed));
        };
        let result = match why {
            Some(why) => self.report(&case, &self.shown(&case, why).await?).await,
            None => self.propose_or_report(&case).await,
        };
        // What is left behind by others must not hide what came of this.
        self.tidy(&case).await.ok();
        result
    }

    /// The failures of a branch for which a person has closed what we proposed: there is no use in repairing them.
    pub async fn declined(
        forge: &dyn Publisher,
        repository: &RepositoryName,
        base: &str,
    ) -> Result<BTreeSet<Fingerprint>, PublishError> {
        let login = forge.login().await?;
        Ok(Ledger::of(labelled(forge, repository).await?, &login).declined(base))
    }

    async fn inspect(
        &self,
        bundle: &Bundle,
        repository: &RepositoryName,
        expected: Option<u64>,
    ) -> Result<Inspected, PublishError> {
        let mismatch = |what: &str, said: String, is: String| {
            Err(PublishError::Mismatch(format!("it says {what} {said}, and that is {is}")))
        };
        let source = &bundle.source;
        if source.repository != *repository {
            return mismatch("repository", source.repository.to_string(), repository.to_string());
        }
        if let Some(expected) = expected.filter(|expected| *expected != source.run) {
            return mismatch("run", source.run.to_string(), expected.to_string());
        }
        let inspected = inspect(self.forge, repository, source.run, None, &self.policy.trusted).await?;
        match inspected.run.head_sha == source.head_sha {
            true => Ok(inspected),
            false => mismatch("commit", source.head_sha.clone(), inspected.run.head_sha),
        }
    }

    /// Why nothing is proposed, if the change that a report would show is one that the guards let through.
    async fn shown(&self, case: &Case<'_>, why: Hindrance) -> Result<Hindrance, PublishError> {
        match case.patch.is_empty() || !why.shows_patch() {
            true => Ok(why),
            false => Ok(self.look_at(case).await?.err().unwrap_or(why)),
        }
    }

    /// `None` if the bundle is about nothing.
    async fn case<'b>(
        &self,
        bundle: &'b Bundle,
        patch: &'b str,
        inspected: Inspected,
    ) -> Result<Option<Case<'b>>, PublishError> {
        let fingerprints = case::fingerprints(bundle);
        let Some(&first) = fingerprints.first() else { return Ok(None) };
        let Inspected { run, pull_request, .. } = inspected;
        let default_branch = self.forge.default_branch(&run.repository).await?;
        let base = base_of(&run).unwrap_or(&default_branch).to_owned();
        let login = self.forge.login().await?;
        let now = self.now;
        let case = Case { bundle, patch, fingerprints, first, run, pull_request, login, base, default_branch, now };
        Ok(Some(case))
    }

    async fn propose_or_report(&self, case: &Case<'_>) -> Result<Published, PublishError> {
        let change = match self.look_at(case).await? {
            Ok(change) => change,
            Err(why) => return self.report(case, &why).await,
        };
        if let Some(suggested) = self.suggest(case, &change).await? {
            return Ok(suggested);
        }
        if self.forge.may_open_pull_requests(&case.run.repository).await? == Some(false) {
            return self.report(case, &Hindrance::NotPermitted).await;
        }
        match self.propose(case, &change).await? {
            Ok(published) => Ok(published),
            Err(why) => self.report(case, &why).await,
        }
    }

    /// The change, as it is on the files that the forge has, if no guard objects to it.
    async fn look_at(&self, case: &Case<'_>) -> Result<Result<Change, Hindrance>, PublishError> {
        let base = self.forge.snapshot(&case.run.repository, &case.run.head_sha).await?;
        let changes: ChangeSet = case.bundle.changes(case.patch, &base)?;
        if changes.is_empty() {
            return Ok(Err(Hindrance::NoChange));
        }
        let after = changes.apply(&base)?;
        let objections = vet(self.guards, &base, &after, &changes);
        if !objections.is_empty() {
            return Ok(Err(Hindrance::Guards(objections)));
        }
        self.refuse_secrets(&changes, &base, &after)?;
        Ok(Ok(Change { after, changes }))
    }

    /// Refuses a change after which a file has more secrets than before.
    fn refuse_secrets(
        &self,
        changes: &ChangeSet,
        base: &crate::Snapshot,
        after: &crate::Snapshot,
    ) -> Result<(), PublishError> {
        let secrets = |snapshot: &crate::Snapshot, path| {
            let text = snapshot.text(path).unwrap_or_default();
            self.redactor.redact(text).matches("<<REDACTED:").count()
        };
        match changes.paths().find(|path| secrets(after, path) > secrets(base, path)) {
            Some(path) => Err(PublishError::Secret(path.clone())),
            None => Ok(()),
        }
    }

    async fn ledger(&self, case: &Case<'_>) -> Result<Ledger, PublishError> {
        Ok(Ledger::of(labelled(self.forge, &case.run.repository).await?, &case.login))
    }

    /// A title as it may leave.
    fn outgoing_title(&self, title: String) -> String {
        text::title_again(&self.outgoing(title))
    }

    /// A text as it may leave.
    fn outgoing(&self, text: String) -> String {
        self.redactor.redact(&text).into_owned()
    }
}

/// What carries a label of ours: who puts one on may take the other off.
async fn labelled(forge: &dyn Publisher, repository: &RepositoryName) -> Result<Vec<Item>, ForgeError> {
    let mut items = forge.labelled(repository, LABEL).await?;
    let known: BTreeSet<u64> = items.iter().map(|item| item.number).collect();
    let off = forge.labelled(repository, LABEL_OFF).await?;
    items.extend(off.into_iter().filter(|item| !known.contains(&item.number)));
    Ok(items)
}

/// The branch that a run was of, if it is one of the repository's.
fn base_of(run: &Run) -> Option<&str> {
    run.head_branch.as_deref().filter(|_| !run.is_from_fork())
}
