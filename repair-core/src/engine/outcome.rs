//! What came of a repair.

use super::Skipped;
use crate::{ChangeSet, Failure, Fix, Objection, ValidationResult, Verdict};

/// What came of a repair.
#[derive(Debug)]
#[non_exhaustive]
pub struct Outcome {
    /// The fixes that are proven, in the order in which they were kept.
    pub accepted: Vec<Accepted>,
    /// All that changes, from the repository as it was.
    pub changes: ChangeSet,
    /// Fixes that the policy does not let through, or that a guard wants a person to see.
    pub withheld: Vec<Fix>,
    /// Fixes that were tried or looked at, and why they are not kept.
    pub refused: Vec<Refusal>,
    /// Generators that had nothing to propose at the last, and why.
    pub skipped: Vec<Skipped>,
    /// What was seen of the repository as it was.
    pub before: ValidationResult,
    /// What was seen of the repository as it would be; `None` if nothing was kept.
    pub after: Option<ValidationResult>,
    /// Failures that were asked about and are not seen here.
    pub not_reproduced: Vec<Failure>,
    /// Failures that were seen here and not asked about. They are left alone.
    pub foreign: Vec<Failure>,
    /// Failures that were asked about, or came to light, and are still there.
    pub remaining: Vec<Failure>,
    /// Why it ended.
    pub stop: Stop,
}

/// A fix that is kept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Accepted {
    /// The fix.
    pub fix: Fix,
    /// What the run with it said; fixes that were tried together share it.
    pub verdict: Verdict,
}

/// A fix that is not kept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refusal {
    /// The fix.
    pub fix: Fix,
    /// Why.
    pub reason: RefusalReason,
}

/// Why a fix is not kept.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum RefusalReason {
    /// Guards object.
    Guard(Vec<Objection>),
    /// The run with it was no better, or worse.
    Run(Verdict),
    /// It changes more lines than the budget allows.
    Size {
        /// The limit.
        limit: usize,
    },
}

impl std::fmt::Display for RefusalReason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Guard(objections) => {
                let texts: Vec<String> = objections.iter().map(|o| format!("{}: {}", o.rule, o.reason)).collect();
                f.write_str(&texts.join("; "))
            }
            Self::Run(Verdict::Regressed) => f.write_str("with it something else fails"),
            Self::Run(_) => f.write_str("with it the failure is still there"),
            Self::Size { limit } => write!(f, "it changes more than {limit} lines"),
        }
    }
}

/// Why a repair ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Stop {
    /// Nothing is broken any more.
    Green,
    /// The checks pass on the repository as it is.
    NothingFailed,
    /// The checks fail, but not as was said.
    NotReproducible,
    /// No fix is left to try.
    NothingLeft,
    /// The budget named is spent.
    Budget(String),
    /// Somebody ended it.
    Interrupted,
}

/// An [`Outcome`] in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Status {
    /// All that was asked about is repaired and proven.
    Repaired,
    /// The checks pass as it is: there was nothing to repair, or it cannot be seen here.
    NotReproducible,
    /// A fix was found, but the policy withheld it.
    Withheld,
    /// Failures remain.
    Remaining,
}

impl Outcome {
    /// The outcome in one word.
    ///
    /// What was asked about and never seen here cannot be called repaired, unless every check passes now.
    pub fn status(&self) -> Status {
        let all_pass = self.after.as_ref().is_some_and(ValidationResult::success);
        match self.stop {
            Stop::NothingFailed | Stop::NotReproducible => Status::NotReproducible,
            _ if self.remaining.is_empty() && (all_pass || self.not_reproduced.is_empty()) => Status::Repaired,
            _ if !self.withheld.is_empty() => Status::Withheld,
            _ => Status::Remaining,
        }
    }
}
