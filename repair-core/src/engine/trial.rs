//! Tries fixes: all at once, and by halves where that goes wrong.

use super::{Accepted, Event, Refusal, RefusalReason, Repairer, Stop};
use crate::validate::Count;
use crate::{ChangeSet, Failure, Fix, Snapshot, ValidateError, ValidationRequest, ValidationResult, Verdict};

/// The state of a repair: what is kept, and what was last seen of it.
pub(super) struct Trial<'a> {
    repairer: &'a Repairer,
    current: Snapshot,
    latest: ValidationResult,
    first: ValidationResult,
    runs: u32,
    pub(super) accepted: Vec<Accepted>,
    pub(super) refused: Vec<Refusal>,
}

impl<'a> Trial<'a> {
    pub(super) fn new(repairer: &'a Repairer, original: &Snapshot, before: ValidationResult) -> Self {
        Self {
            repairer,
            current: original.clone(),
            latest: before.clone(),
            first: before,
            runs: 1,
            accepted: Vec::new(),
            refused: Vec::new(),
        }
    }

    pub(super) fn current(&self) -> &Snapshot {
        &self.current
    }

    pub(super) fn latest(&self) -> &ValidationResult {
        &self.latest
    }

    /// Tries the fixes of one round, all made for the current snapshot. Says why the repair must end, if it must.
    pub(super) async fn round(&mut self, fixes: Vec<Fix>, open: &[Failure]) -> Result<Option<Stop>, ValidateError> {
        let base = self.current.clone();
        let mut kept = ChangeSet::default();
        // A stack of sets to try; a set that fails is replaced by its halves, the better one on top.
        let mut sets = vec![fixes];
        while let Some(set) = sets.pop() {
            let Ok(candidate) =
                join(&kept, &set).and_then(|changes| Some((changes.apply(&base).ok()?, changes))).ok_or(())
            else {
                continue;
            };
            if let Some(stop) = self.spent() {
                return Ok(Some(stop));
            }
            let verdict = self.run(&candidate.0, &set, open).await?;
            match verdict {
                Seen::Progress(verdict, result) => {
                    kept = candidate.1;
                    self.keep(candidate.0, set, verdict, result);
                }
                Seen::Idle(idle, useful) if !useful.is_empty() => {
                    idle.into_iter().for_each(|fix| self.refuse(fix, Verdict::Unchanged));
                    sets.push(useful);
                }
                Seen::Idle(set, _) if set.len() == 1 => {
                    set.into_iter().for_each(|fix| self.refuse(fix, Verdict::Unchanged))
                }
                Seen::Worse if set.len() == 1 => set.into_iter().for_each(|fix| self.refuse(fix, Verdict::Regressed)),
                Seen::Idle(..) | Seen::Worse => {
                    let (better, rest) = set.split_at(set.len().div_ceil(2));
                    sets.push(rest.to_vec());
                    sets.push(better.to_vec());
                }
            }
        }
        Ok(None)
    }

    /// Runs what tells whether the set's failures are gone, and if they are, everything.
    async fn run(&mut self, candidate: &Snapshot, set: &[Fix], open: &[Failure]) -> Result<Seen, ValidateError> {
        let answered = |failure: &&Failure| set.iter().any(|fix| fix.answers(failure.fingerprint()));
        let targets: Vec<Failure> = open.iter().filter(answered).cloned().collect();
        let request = ValidationRequest::targeted(candidate, &targets);
        let narrow = self.validate(request, set, false).await?;
        let seen = self.judge(&narrow, set, &targets);
        if narrow.complete || !matches!(seen, Seen::Progress(..)) {
            return Ok(seen);
        }
        let full = self.validate(ValidationRequest::full(candidate), set, true).await?;
        Ok(self.judge(&full, set, &targets))
    }

    async fn validate(
        &mut self,
        request: ValidationRequest<'_>,
        fixes: &[Fix],
        full: bool,
    ) -> Result<ValidationResult, ValidateError> {
        self.repairer.tell(&Event::Trying { fixes, full });
        self.runs += 1;
        self.repairer.validate(request).await
    }

    fn judge(&self, result: &ValidationResult, set: &[Fix], targets: &[Failure]) -> Seen {
        let mut verdict = Verdict::of(&self.latest, result, targets);
        // What an earlier fix of this repair gained may not be lost again, nor anything be worse than at the start.
        if result.complete && verdict.is_progress() && Verdict::of(&self.first, result, targets) == Verdict::Regressed {
            verdict = Verdict::Regressed;
        }
        self.repairer.tell(&Event::Tried { verdict });
        if verdict == Verdict::Regressed {
            return Seen::Worse;
        }
        let (now, then) = (Count::of(result.failures()), Count::of(self.latest.failures()));
        let is_idle = |fix: &Fix| {
            fix.provenance()
                .fingerprints
                .iter()
                .all(|fingerprint| now.number(*fingerprint) >= then.number(*fingerprint))
        };
        let (idle, useful): (Vec<Fix>, Vec<Fix>) = set.iter().cloned().partition(is_idle);
        match idle.is_empty() && verdict.is_progress() {
            true => Seen::Progress(verdict, result.clone()),
            false => Seen::Idle(idle, useful),
        }
    }

    fn keep(&mut self, candidate: Snapshot, set: Vec<Fix>, verdict: Verdict, result: ValidationResult) {
        for fix in set {
            self.repairer.tell(&Event::Accepted(&fix));
            self.accepted.push(Accepted { fix, verdict });
        }
        self.current = candidate;
        self.latest = result;
    }

    fn refuse(&mut self, fix: Fix, verdict: Verdict) {
        let refusal = Refusal { fix, reason: RefusalReason::Run(verdict) };
        self.repairer.tell(&Event::Refused(&refusal));
        self.refused.push(refusal);
    }

    fn spent(&self) -> Option<Stop> {
        let parts = &self.repairer.parts;
        match self.runs >= parts.budget.validations {
            _ if parts.interrupt.is_stopped() => Some(Stop::Interrupted),
            true => Some(Stop::Budget("validations".to_owned())),
            false => None,
        }
    }
}

/// What a run said of a set of fixes.
enum Seen {
    /// Every fix of the set did its work, and nothing is worse.
    Progress(Verdict, ValidationResult),
    /// Nothing is worse, but the first fixes did nothing; the second ones did.
    Idle(Vec<Fix>, Vec<Fix>),
    /// Something is worse.
    Worse,
}

fn join(kept: &ChangeSet, set: &[Fix]) -> Option<ChangeSet> {
    set.iter().try_fold(kept.clone(), |all, fix| all.union(fix.changes()).ok())
}
