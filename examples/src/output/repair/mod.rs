//! What came of a repair, for people, for programs, or as a diff alone.

mod human;
mod json;

pub(super) use human::conclusion;

use super::{json as findings_json, markdown};
use crate::cli::RepairFormat;
use anyhow::Result;
use repair_core::bundle::Conclusion;
use repair_core::{
    Accepted, ChangeSet, CheckRun, Exit, Failure, Fix, Outcome, Plan, Refusal, Skipped, Snapshot, Status,
    ValidationResult, Verdict,
};

/// What came of a repair, proven or not.
pub(crate) struct Report {
    /// What it is, in one word.
    pub(crate) conclusion: Conclusion,
    /// What failed.
    pub(crate) failures: Vec<Failure>,
    /// The fixes, and what the run with each said; `None` if nothing ran.
    pub(crate) fixes: Vec<(Fix, Option<Verdict>)>,
    /// Fixes that the policy did not let through.
    pub(crate) withheld: Vec<Fix>,
    /// Fixes that were refused.
    pub(crate) refused: Vec<Refusal>,
    /// Generators that had nothing.
    pub(crate) skipped: Vec<Skipped>,
    /// What was seen before, if anything ran.
    pub(crate) before: Option<ValidationResult>,
    /// What was seen after, if anything was kept.
    pub(crate) after: Option<ValidationResult>,
    /// What is still broken.
    pub(crate) remaining: Vec<Failure>,
    /// What the log says and was not seen here.
    pub(crate) not_reproduced: Vec<Failure>,
    /// What was seen here and the log does not say.
    pub(crate) foreign: Vec<Failure>,
    /// All that changes.
    pub(crate) changes: ChangeSet,
    /// The changes as a patch.
    pub(crate) diff: String,
    /// Remarks for the reader.
    pub(crate) notes: Vec<String>,
}

impl Report {
    /// The report of a repair that was proven, or tried to be. `asked` are the failures of the log.
    pub(crate) fn proven(outcome: Outcome, asked: &[Failure], snapshot: &Snapshot) -> Result<Self> {
        let notes: Vec<String> = outcome.before.runs.iter().filter_map(obstacle).collect();
        let conclusion = conclusion_of(&outcome, asked);
        let seen = || outcome.before.failures().cloned().collect();
        Ok(Self {
            conclusion,
            failures: if asked.is_empty() { seen() } else { asked.to_vec() },
            diff: diff(&outcome.changes, snapshot)?,
            fixes: outcome.accepted.into_iter().map(|Accepted { fix, verdict, .. }| (fix, Some(verdict))).collect(),
            withheld: outcome.withheld,
            refused: outcome.refused,
            skipped: outcome.skipped,
            before: Some(outcome.before),
            after: outcome.after,
            remaining: outcome.remaining,
            not_reproduced: outcome.not_reproduced,
            foreign: outcome.foreign,
            changes: outcome.changes,
            notes,
        })
    }

    /// The report of a plan of which nothing ran.
    pub(crate) fn unproven(
        plan: Plan,
        refused: Vec<Refusal>,
        failures: &[Failure],
        snapshot: &Snapshot,
    ) -> Result<Self> {
        let answered = |failure: &&Failure| plan.chosen.iter().any(|fix| fix.answers(failure.fingerprint()));
        let conclusion = match (failures.is_empty(), plan.chosen.is_empty(), plan.withheld.is_empty()) {
            (true, ..) => Conclusion::NothingToDo,
            (_, false, _) => Conclusion::Proposed,
            (_, true, false) => Conclusion::Withheld,
            (_, true, true) => Conclusion::FailuresRemain,
        };
        Ok(Self {
            conclusion,
            remaining: failures.iter().filter(|failure| !answered(failure)).cloned().collect(),
            failures: failures.to_vec(),
            diff: diff(&plan.changes, snapshot)?,
            fixes: plan.chosen.into_iter().map(|fix| (fix, None)).collect(),
            withheld: plan.withheld,
            refused,
            skipped: plan.skipped,
            before: None,
            after: None,
            not_reproduced: Vec::new(),
            foreign: Vec::new(),
            changes: plan.changes,
            notes: vec!["nothing was run, so nothing is proven".to_owned()],
        })
    }

    /// The report of what failed, of which nothing could be or was to be proven. `notes` say why.
    pub(crate) fn told(conclusion: Conclusion, failures: &[Failure], notes: Vec<String>) -> Self {
        Self {
            conclusion,
            failures: failures.to_vec(),
            fixes: Vec::new(),
            withheld: Vec::new(),
            refused: Vec::new(),
            skipped: Vec::new(),
            before: None,
            after: None,
            remaining: failures.to_vec(),
            not_reproduced: Vec::new(),
            foreign: Vec::new(),
            changes: ChangeSet::default(),
            diff: String::new(),
            notes,
        }
    }

    /// The report as text.
    pub(crate) fn render(&self, format: RepairFormat, verbose: bool) -> Result<String> {
        Ok(match format {
            RepairFormat::Human => human::render(self, verbose),
            RepairFormat::Json => findings_json::text(&json::value(self))?,
            RepairFormat::Markdown => markdown::report(self),
            RepairFormat::Diff => self.diff.clone(),
        })
    }
}

/// What came of a repair that was proven, or tried to be, in one word.
pub(crate) fn conclusion_of(outcome: &Outcome, asked: &[Failure]) -> Conclusion {
    let mut failed = outcome.before.runs.iter().filter(|run| !run.exit.success()).peekable();
    let nothing_seen = failed.peek().is_some() && failed.all(|run| obstacle(run).is_some());
    match outcome.status() {
        _ if nothing_seen && outcome.accepted.is_empty() => Conclusion::NotChecked,
        Status::Repaired => Conclusion::Repaired,
        Status::NotReproducible if asked.is_empty() => Conclusion::NothingToDo,
        Status::NotReproducible => Conclusion::NotReproducible,
        Status::Withheld => Conclusion::Withheld,
        _ => Conclusion::FailuresRemain,
    }
}

/// Why a check says nothing about the repository, if it does not, and what to do about it.
fn obstacle(run: &CheckRun) -> Option<String> {
    let (what, advice) = match run.exit {
        Exit::TimedOut => ("a check did not end in its time", "give it more with `--check-timeout SECONDS`"),
        Exit::TooMuchOutput => ("a check printed too much", "make it print less"),
        Exit::Code(126 | 127) => ("a command was not found", "name the environment that has it with `--python`"),
        _ => return None,
    };
    Some(format!("{what}: `{}`; {advice}, or name another command with `--check`", run.name))
}

fn diff(changes: &ChangeSet, snapshot: &Snapshot) -> Result<String> {
    Ok(String::from_utf8_lossy(&changes.to_patch(snapshot)?).into_owned())
}
