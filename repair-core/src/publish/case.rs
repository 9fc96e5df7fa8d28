//! One run with its bundle, as far as it is known for sure.

use super::record::Record;
use crate::bundle::{Bundle, Conclusion};
use crate::forge::{PullRequest, Run};
use crate::{Fingerprint, Snapshot};
use std::time::SystemTime;

/// The most failures by which a case is compared with others.
const COMPARED: usize = 1_000;

/// The failures that a bundle proposes something for, or else all of them, sorted.
pub(super) fn fingerprints(bundle: &Bundle) -> Vec<Fingerprint> {
    let mut found = bundle.answered();
    if found.is_empty() {
        found.extend(bundle.failures.iter().map(crate::Failure::fingerprint));
        found.sort_unstable();
        found.dedup();
    }
    found.truncate(COMPARED);
    found
}

/// What is to be published, and where.
pub(super) struct Case<'a> {
    /// What the first half says.
    pub(super) bundle: &'a Bundle,
    /// Its patch.
    pub(super) patch: &'a str,
    /// The failures that it is about, sorted.
    pub(super) fingerprints: Vec<Fingerprint>,
    /// The first of them, which gives its branches their name.
    pub(super) first: Fingerprint,
    /// The run, as the forge says.
    pub(super) run: Run,
    /// The open pull request that it ran for.
    pub(super) pull_request: Option<PullRequest>,
    /// Who we are.
    pub(super) login: String,
    /// The branch that failed, to which a repair goes.
    pub(super) base: String,
    /// The repository's default branch.
    pub(super) default_branch: String,
    /// The time.
    pub(super) now: SystemTime,
}

impl Case<'_> {
    /// The failures that the case is about.
    pub(super) fn fingerprints(&self) -> Vec<Fingerprint> {
        self.fingerprints.clone()
    }

    /// What our texts say to machines.
    pub(super) fn record(&self, fingerprints: Vec<Fingerprint>) -> Record {
        let is_id = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_');
        let fixers = self.bundle.fixes.iter().map(|fix| fix.generator.chars().filter(is_id).take(80).collect());
        let since = self.now.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        Record {
            fingerprints,
            fixers: fixers.collect::<std::collections::BTreeSet<_>>().into_iter().collect(),
            level: self.bundle.applicability().map(|level| level.name().to_owned()),
            partial: self.bundle.conclusion != Conclusion::Repaired,
            base: self.base.clone(),
            head: self.run.head_sha.clone(),
            patch: String::new(),
            attempt: 1,
            time: since.as_secs(),
            about: String::new(),
            ended_by_us: false,
        }
    }
}

/// The changes of a case, looked at again.
pub(super) struct Change {
    /// The files as they are to be.
    pub(super) after: Snapshot,
    /// What changes.
    pub(super) changes: crate::ChangeSet,
}
