//! Which fixes to try: a pure function.

use super::Policy;
use crate::{
    Analysis, ChangeSet, Facts, Fingerprint, Fix, FixContext, FixGenerator, Fixes, Hash128, Provenance, Skip, Snapshot,
};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Which fixes to try.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Plan {
    /// To be tried together, the best first: one per failure and place, none in the way of another.
    pub chosen: Vec<Fix>,
    /// In the way of one that is chosen, or behind a better one for the same failure.
    pub postponed: Vec<Fix>,
    /// Below what the policy allows.
    pub withheld: Vec<Fix>,
    /// Generators that propose nothing, and why.
    pub skipped: Vec<Skipped>,
    /// The changes of all that are chosen.
    pub changes: ChangeSet,
}

/// A generator that proposes nothing for a failure.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Skipped {
    /// The id of the generator.
    pub generator: String,
    /// The failure.
    pub fingerprint: Fingerprint,
    /// Why, as a sentence fragment.
    pub reason: String,
}

/// All that a plan depends on.
pub(super) struct PlanInput<'a> {
    pub(super) snapshot: &'a Snapshot,
    pub(super) generators: &'a [Box<dyn FixGenerator>],
    pub(super) analyses: &'a [Analysis],
    pub(super) facts: &'a Facts,
    pub(super) refused: &'a BTreeSet<(String, Hash128)>,
    pub(super) policy: Policy,
}

/// What a refusal is remembered by.
pub(super) fn key(fix: &Fix) -> (String, Hash128) {
    (fix.provenance().generator.clone(), fix.changes().digest())
}

impl Plan {
    pub(super) fn make(input: &PlanInput<'_>) -> Self {
        let mut plan = Plan::default();
        let mut candidates = Vec::new();
        for analysis in input.analyses {
            for generator in input.generators {
                if generator.meta().handles.contains(&analysis.failure.category) {
                    match generate(generator.as_ref(), analysis, input) {
                        Ok(fixes) => candidates.extend(fixes.into_iter().map(|fix| Candidate::new(fix, analysis))),
                        Err(skipped) => plan.skipped.push(skipped),
                    }
                }
            }
        }
        candidates.retain(|candidate| !input.refused.contains(&key(&candidate.fix)));
        let mut candidates = merge_equal(candidates);
        candidates.sort_by(|a, b| rank(&a.fix).cmp(&rank(&b.fix)));
        plan.skipped
            .sort_by(|a, b| (&a.generator, a.fingerprint, &a.reason).cmp(&(&b.generator, b.fingerprint, &b.reason)));
        plan.skipped.dedup();
        plan.choose(candidates, input.policy);
        plan
    }

    fn choose(&mut self, ranked: Vec<Candidate>, policy: Policy) {
        let mut answered = BTreeSet::new();
        let mut withheld = Vec::new();
        for candidate in ranked {
            let fresh = !candidate.occurrences.is_subset(&answered);
            match self.changes.union(candidate.fix.changes()) {
                _ if candidate.fix.applicability() < policy.allow => withheld.push(candidate),
                Ok(union) if fresh => {
                    answered.extend(candidate.occurrences);
                    self.changes = union;
                    self.chosen.push(candidate.fix);
                }
                _ => self.postponed.push(candidate.fix),
            }
        }
        withheld.retain(|candidate| !candidate.occurrences.is_subset(&answered));
        self.withheld = withheld.into_iter().map(|candidate| candidate.fix).collect();
    }
}

/// A failure with its place, which its fingerprint leaves out: a linter often says the same of several lines.
type Occurrence = (Fingerprint, Option<u32>, Option<u32>);

/// A fix with the failures that it answers.
struct Candidate {
    fix: Fix,
    occurrences: BTreeSet<Occurrence>,
}

impl Candidate {
    fn new(fix: Fix, analysis: &Analysis) -> Self {
        let failure = &analysis.failure;
        Self { fix, occurrences: BTreeSet::from([(failure.fingerprint(), failure.line, failure.column)]) }
    }
}

/// Fixes that make the same change become one, the best of them, which answers all their failures.
fn merge_equal(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| rank(&a.fix).cmp(&rank(&b.fix)));
    let mut merged: Vec<Candidate> = Vec::new();
    let mut places = BTreeMap::new();
    for candidate in candidates {
        let place = *places.entry(candidate.fix.changes().digest()).or_insert(merged.len());
        match merged.get_mut(place) {
            Some(best) => {
                best.fix.answer_also(&candidate.fix);
                best.occurrences.extend(candidate.occurrences);
            }
            None => merged.push(candidate),
        }
    }
    merged
}

/// The best first; total, so that nothing depends on who was registered when.
fn rank(fix: &Fix) -> impl Ord + '_ {
    (
        Reverse((fix.applicability(), fix.confidence(), fix.provenance().fingerprints.len())),
        fix.size(),
        &fix.provenance().generator,
        fix.title(),
        &fix.provenance().fingerprints,
        fix.changes().digest(),
    )
}

fn generate(generator: &dyn FixGenerator, analysis: &Analysis, input: &PlanInput<'_>) -> Result<Vec<Fix>, Skipped> {
    let meta = generator.meta();
    let fingerprint = analysis.failure.fingerprint();
    let provenance = Provenance { generator: meta.id.to_owned(), fingerprints: vec![fingerprint] };
    let context = FixContext::new(input.snapshot, analysis, input.facts);
    let mut fixes = Fixes::new(input.snapshot, provenance, meta.applicability);
    let result = catch_unwind(AssertUnwindSafe(|| generator.generate(&context, &mut fixes)))
        .unwrap_or_else(|_| Err(Skip::new("it panicked, which is a defect of the generator")));
    match (result, fixes.into_vec()) {
        (Err(skip), fixes) if fixes.is_empty() => {
            Err(Skipped { generator: meta.id.to_owned(), fingerprint, reason: skip.to_string() })
        }
        (_, fixes) => Ok(fixes),
    }
}

/// What one generator proposes for one failure, the best first.
#[cfg(feature = "testing")]
pub(crate) fn propose_alone(
    generator: &dyn FixGenerator,
    analysis: &Analysis,
    snapshot: &Snapshot,
    facts: &Facts,
) -> Result<Vec<Fix>, Skip> {
    let (refused, policy) = (BTreeSet::new(), Policy::default());
    let input = PlanInput { snapshot, generators: &[], analyses: &[], facts, refused: &refused, policy };
    let mut fixes = generate(generator, analysis, &input).map_err(|skipped| Skip::new(skipped.reason))?;
    fixes.sort_by(|a, b| rank(a).cmp(&rank(b)));
    Ok(fixes)
}
