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
    /// To be tried together, the best first: one per failure, none in the way of another.
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
                        Ok(fixes) => candidates.extend(fixes),
                        Err(skipped) => plan.skipped.push(skipped),
                    }
                }
            }
        }
        candidates.retain(|fix| !input.refused.contains(&key(fix)));
        let mut candidates = merge_equal(candidates);
        candidates.sort_by(|a, b| rank(a).cmp(&rank(b)));
        plan.skipped
            .sort_by(|a, b| (&a.generator, a.fingerprint, &a.reason).cmp(&(&b.generator, b.fingerprint, &b.reason)));
        plan.skipped.dedup();
        plan.choose(candidates, input.policy);
        plan
    }

    fn choose(&mut self, ranked: Vec<Fix>, policy: Policy) {
        let mut answered = BTreeSet::new();
        for fix in ranked {
            let fresh = fix.provenance().fingerprints.iter().any(|fingerprint| !answered.contains(fingerprint));
            match self.changes.union(fix.changes()) {
                _ if fix.applicability() < policy.allow => self.withheld.push(fix),
                Ok(union) if fresh => {
                    answered.extend(fix.provenance().fingerprints.iter().copied());
                    self.changes = union;
                    self.chosen.push(fix);
                }
                _ => self.postponed.push(fix),
            }
        }
        let open = |fix: &Fix| fix.provenance().fingerprints.iter().any(|fingerprint| !answered.contains(fingerprint));
        self.withheld.retain(open);
    }
}

/// Fixes that make the same change become one, the best of them, which answers all their failures.
fn merge_equal(mut fixes: Vec<Fix>) -> Vec<Fix> {
    fixes.sort_by(|a, b| rank(a).cmp(&rank(b)));
    let mut merged: Vec<Fix> = Vec::new();
    let mut places = BTreeMap::new();
    for fix in fixes {
        let place = *places.entry(fix.changes().digest()).or_insert(merged.len());
        match merged.get_mut(place) {
            Some(best) => best.answer_also(&fix),
            None => merged.push(fix),
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
