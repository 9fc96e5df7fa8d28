//! What the half that runs code hands to the half that writes to a forge.
//!
//! A bundle is a folder:
//!
//! ```text
//! bundle.json     what ran, what failed, what repairs it, the proof: a `Bundle`
//! changes.patch   the changes, for `git apply`; empty if there are none
//! report.md       the same for people; nothing reads it back
//! ```
//!
//! Whoever reads one takes it for hostile: the code that ran may have written it. The digests in it say that it is whole,
//! not that it is honest. What it claims of the repository is asked again of the forge, the patch is applied to the files
//! that the forge has, and the guards look at the result once more.

mod error;
mod files;
mod folder;
#[cfg(feature = "redact")]
mod redacted;
#[cfg(test)]
pub(crate) mod testing;

pub use error::BundleError;
pub use files::FileDigests;

use crate::forge::RepositoryName;
use crate::{Applicability, CheckRun, Confidence, Failure, Fingerprint, Outcome, ValidationResult, Verdict};
use crate::{Fix, RepoPath};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The version of the form of `bundle.json` that this library writes, and the only one that it reads.
pub const VERSION: u32 = 1;

/// What is in `bundle.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// The version of this form.
    pub version: u32,
    /// The version of the program that wrote it.
    pub tool_version: String,
    /// What ran, and where.
    pub source: Source,
    /// What came of it, in one word.
    pub conclusion: Conclusion,
    /// What failed, as the log says.
    pub failures: Vec<Failure>,
    /// Where the log says so. Redacted.
    pub excerpts: Vec<Excerpt>,
    /// The fixes that are in the patch.
    pub fixes: Vec<FixNote>,
    /// Fixes that were found and that the policy did not let through.
    pub withheld: Vec<FixNote>,
    /// Fixes that were tried or looked at, and refused.
    pub refused: Vec<RefusedFix>,
    /// What still fails.
    pub remaining: Vec<Failure>,
    /// What the log says and was not seen again.
    pub not_reproduced: Vec<Failure>,
    /// What was seen before the fixes; `None` if nothing ran.
    pub before: Option<ValidationResult>,
    /// What was seen with them; `None` if none was kept.
    pub after: Option<ValidationResult>,
    /// The files that the patch changes.
    pub files: Vec<FileDigests>,
    /// The SHA-256 of `changes.patch`, in hexadecimal.
    pub patch_sha256: String,
    /// Remarks for the reader.
    pub notes: Vec<String>,
}

/// A run of a workflow, as a bundle names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The repository it ran in.
    pub repository: RepositoryName,
    /// The run's number.
    pub run: u64,
    /// Its attempt, from 1.
    pub attempt: u32,
    /// The commit it ran on, to which the patch applies.
    pub head_sha: String,
    /// The branch of that commit.
    pub head_branch: Option<String>,
    /// The workflow's name.
    pub workflow: Option<String>,
    /// The names of the jobs that failed.
    pub jobs: Vec<String>,
    /// The run's page.
    pub url: String,
}

/// What came of a repair, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Conclusion {
    /// Repaired and proven.
    Repaired,
    /// There is nothing to repair.
    NothingToDo,
    /// A fix was found, and the policy withheld it.
    Withheld,
    /// Failures remain; what is in the patch is proven and makes nothing worse.
    FailuresRemain,
    /// The failures were not seen again.
    NotReproducible,
    /// No check that failed says anything about the repository.
    NotChecked,
    /// Only the log was read, and nothing executed.
    Diagnosed,
    /// Fixes are proposed, and nothing was run that could prove them. No bundle says so.
    Proposed,
}

impl Conclusion {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Repaired => "repaired",
            Self::NothingToDo => "nothing_to_do",
            Self::Withheld => "withheld",
            Self::FailuresRemain => "failures_remain",
            Self::NotReproducible => "not_reproducible",
            Self::NotChecked => "not_checked",
            Self::Diagnosed => "diagnosed",
            Self::Proposed => "proposed",
        }
    }
}

/// Lines of a log that tell of a failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Excerpt {
    /// The job's name.
    pub job: String,
    /// The lines.
    pub text: String,
}

/// A fix, as a bundle tells of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixNote {
    /// The id of the generator.
    pub generator: String,
    /// What it does, as an order.
    pub title: String,
    /// Why.
    pub reason: Option<String>,
    /// How much can go wrong with it.
    pub applicability: Applicability,
    /// How sure its generator was.
    pub confidence: Confidence,
    /// The failures that it answers.
    pub fingerprints: Vec<Fingerprint>,
    /// The files that it changes.
    pub files: Vec<RepoPath>,
    /// What the run with it said; `None` if nothing ran with it.
    pub verdict: Option<Verdict>,
}

/// A fix that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefusedFix {
    /// The fix.
    pub fix: FixNote,
    /// Why it was refused.
    pub why: String,
}

impl FixNote {
    /// What is to be told of a fix.
    pub fn of(fix: &Fix, verdict: Option<Verdict>) -> Self {
        Self {
            generator: fix.provenance().generator.clone(),
            title: fix.title().to_owned(),
            reason: fix.reason().map(ToOwned::to_owned),
            applicability: fix.applicability(),
            confidence: fix.confidence(),
            fingerprints: fix.provenance().fingerprints.clone(),
            files: fix.changes().paths().cloned().collect(),
            verdict,
        }
    }
}

impl Bundle {
    /// A bundle of a run of which only the log was read.
    pub fn diagnosed(source: Source, failures: Vec<Failure>) -> Self {
        Self {
            version: VERSION,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            source,
            conclusion: Conclusion::Diagnosed,
            remaining: failures.clone(),
            failures,
            excerpts: Vec::new(),
            fixes: Vec::new(),
            withheld: Vec::new(),
            refused: Vec::new(),
            not_reproduced: Vec::new(),
            before: None,
            after: None,
            files: Vec::new(),
            patch_sha256: crate::hash::sha256_hex(b""),
            notes: Vec::new(),
        }
    }

    /// The bundle with what came of a repair. `conclusion` says it in one word.
    #[must_use]
    pub fn repaired(self, outcome: &Outcome, conclusion: Conclusion) -> Self {
        let refused = outcome
            .refused
            .iter()
            .map(|refusal| RefusedFix { fix: FixNote::of(&refusal.fix, None), why: refusal.reason.to_string() });
        Self {
            conclusion,
            fixes: outcome.accepted.iter().map(|accepted| FixNote::of(&accepted.fix, Some(accepted.verdict))).collect(),
            withheld: outcome.withheld.iter().map(|fix| FixNote::of(fix, None)).collect(),
            refused: refused.collect(),
            remaining: outcome.remaining.clone(),
            not_reproduced: outcome.not_reproduced.clone(),
            before: Some(outcome.before.clone()),
            after: outcome.after.clone(),
            ..self
        }
    }

    /// The fingerprints of the failures that the patch answers, sorted.
    pub fn answered(&self) -> Vec<Fingerprint> {
        let mut all: Vec<Fingerprint> = self.fixes.iter().flat_map(|fix| fix.fingerprints.iter().copied()).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether what was seen bears out that everything is repaired: a check failed before, and with the fixes none has
    /// a failure that they answer. It says that the bundle agrees with itself, not that it is honest.
    pub fn is_borne_out(&self) -> bool {
        let failed = self.before.iter().flat_map(|before| &before.runs).any(|run| !run.exit.success());
        let after = self.after.as_ref().filter(|after| !after.runs.is_empty());
        let answered: BTreeSet<Fingerprint> = self.answered().into_iter().collect();
        let gone = |run: &CheckRun| !run.failures.iter().any(|failure| answered.contains(&failure.fingerprint()));
        failed && self.remaining.is_empty() && after.is_some_and(|after| after.runs.iter().all(gone))
    }

    /// The least level of the fixes in the patch; `None` if there are none.
    pub fn applicability(&self) -> Option<Applicability> {
        self.fixes.iter().map(|fix| fix.applicability).min()
    }
}
