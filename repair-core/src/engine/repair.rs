//! The repair loop.

use super::outcome::RefusalReason;
use super::plan::{PlanInput, key};
use super::trial::Trial;
use super::{Budget, Event, Interrupt, Observer, Outcome, Plan, Policy, Refusal, Stop};
use crate::validate::Count;
use crate::{
    Analysis, Analyzer, ApplyError, ChangeSet, Fact, FactError, FactProvider, Facts, Failure, FixGenerator, Guard,
    Hash128, Query, Ruling, Snapshot, SnapshotError, ValidateError, ValidationResult, Validator, vet,
};
use std::collections::BTreeSet;

/// Repairs what is broken: plans fixes, lets guards look at them, proves them, and keeps what is proven.
///
/// Each round plans anew from what is still broken, all that was refused in mind, until nothing is broken, nothing is
/// left to try, or the budget is spent.
pub struct Repairer {
    pub(super) parts: RepairerBuilder,
}

/// Collects the parts of a [`Repairer`].
#[derive(Default)]
pub struct RepairerBuilder {
    pub(super) generators: Vec<Box<dyn FixGenerator>>,
    pub(super) analyzers: Vec<Box<dyn Analyzer>>,
    pub(super) guards: Vec<Box<dyn Guard>>,
    pub(super) validators: Vec<Box<dyn Validator>>,
    pub(super) providers: Vec<Box<dyn FactProvider>>,
    pub(super) observers: Vec<Box<dyn Observer>>,
    pub(super) policy: Policy,
    pub(super) budget: Budget,
    pub(super) interrupt: Interrupt,
}

/// Why a repair could not be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RepairError {
    /// No validator was given, so nothing could be proven.
    #[error("no validator was given, so no fix could be proven; ask for an unproven plan instead")]
    NoValidator,
    /// The checks could not be made.
    #[error(transparent)]
    Validate(#[from] ValidateError),
    /// The changes do not fit the repository any more.
    #[error(transparent)]
    Apply(#[from] ApplyError),
    /// A file of the repository cannot be had.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

impl RepairerBuilder {
    /// Adds fix generators.
    pub fn generators(mut self, generators: impl IntoIterator<Item = Box<dyn FixGenerator>>) -> Self {
        self.generators.extend(generators);
        self
    }

    /// Adds analyzers; the first that knows something about a failure is heard.
    pub fn analyzers(mut self, analyzers: impl IntoIterator<Item = Box<dyn Analyzer>>) -> Self {
        self.analyzers.extend(analyzers);
        self
    }

    /// Adds guards; all of them are heard.
    pub fn guards(mut self, guards: impl IntoIterator<Item = Box<dyn Guard>>) -> Self {
        self.guards.extend(guards);
        self
    }

    /// Adds a validator; all of them run.
    pub fn validator(mut self, validator: impl Validator + 'static) -> Self {
        self.validators.push(Box::new(validator));
        self
    }

    /// Adds a fact provider; the first that answers a query is heard.
    pub fn provider(mut self, provider: impl FactProvider + 'static) -> Self {
        self.providers.push(Box::new(provider));
        self
    }

    /// Adds an observer.
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Box::new(observer));
        self
    }

    /// Says what may be tried without asking.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Says how much may be spent.
    pub fn budget(mut self, budget: Budget) -> Self {
        self.budget = budget;
        self
    }

    /// Lets somebody end the repair.
    pub fn interrupt(mut self, interrupt: Interrupt) -> Self {
        self.interrupt = interrupt;
        self
    }

    /// The repairer.
    pub fn build(self) -> Repairer {
        Repairer { parts: self }
    }
}

impl Repairer {
    /// Begins a repairer without parts.
    pub fn builder() -> RepairerBuilder {
        RepairerBuilder::default()
    }

    /// What would be tried first, unproven: guards have looked at it, nothing has run.
    pub async fn plan(&self, snapshot: &Snapshot, failures: &[Failure]) -> (Plan, Vec<Refusal>) {
        let mut refusals = Vec::new();
        let plan = self.next_plan(snapshot, snapshot, failures, &mut BTreeSet::new(), &mut refusals).await;
        (plan, refusals)
    }

    /// Repairs `failures` of `snapshot`; without any, whatever the validators find broken.
    pub async fn repair(&self, snapshot: &Snapshot, failures: &[Failure]) -> Result<Outcome, RepairError> {
        if self.parts.validators.is_empty() {
            return Err(RepairError::NoValidator);
        }
        self.tell(&Event::Reproducing);
        let before = self.validate_in_full(snapshot).await?;
        self.tell(&Event::Reproduced { result: &before });
        let mut outcome = reproduce(before, failures);
        if outcome.stop == Stop::NothingLeft {
            self.rounds(snapshot, &mut outcome).await?;
        }
        self.tell(&Event::Stopped(&outcome.stop));
        Ok(outcome)
    }

    async fn rounds(&self, original: &Snapshot, outcome: &mut Outcome) -> Result<(), RepairError> {
        let foreign: Vec<Failure> = outcome.foreign.clone();
        let mut trial = Trial::new(self, original, outcome.before.clone());
        let mut refused = BTreeSet::new();
        outcome.stop = Stop::Budget("rounds".to_owned());
        for number in 1..=self.parts.budget.rounds {
            self.tell(&Event::Round { number, failures: &outcome.remaining });
            let plan =
                self.next_plan(original, trial.current(), &outcome.remaining, &mut refused, &mut outcome.refused).await;
            outcome.withheld = plan.withheld;
            outcome.skipped = plan.skipped;
            if plan.chosen.is_empty() {
                outcome.stop = Stop::NothingLeft;
                break;
            }
            let stop = trial.round(plan.chosen, &outcome.remaining).await?;
            refused.extend(trial.refused.iter().map(|refusal| key(&refusal.fix)));
            outcome.refused.append(&mut trial.refused);
            outcome.remaining = open(trial.latest(), &foreign);
            if let Some(stop) = stop {
                outcome.stop = stop;
                break;
            }
            if outcome.remaining.is_empty() {
                outcome.stop = Stop::Green;
                break;
            }
        }
        outcome.changes = ChangeSet::between(original, trial.current())?;
        outcome.after = trial.accepted.first().map(|_| trial.latest().clone());
        outcome.accepted = trial.accepted;
        if outcome.remaining.is_empty() {
            outcome.withheld.clear();
        }
        Ok(())
    }

    /// Plans, asks the guards, and plans again without what they refuse.
    async fn next_plan(
        &self,
        original: &Snapshot,
        current: &Snapshot,
        failures: &[Failure],
        refused: &mut BTreeSet<(String, Hash128)>,
        refusals: &mut Vec<Refusal>,
    ) -> Plan {
        let analyses = self.analyze(current, failures);
        let facts = self.ask(current, &analyses).await;
        let mut held = Vec::new();
        loop {
            let mut plan = Plan::make(&PlanInput {
                snapshot: current,
                generators: &self.parts.generators,
                analyses: &analyses,
                facts: &facts,
                refused,
                policy: self.parts.policy,
            });
            let mut objected = Vec::new();
            for fix in &plan.chosen {
                if let Some(reason) = self.objects(original, current, fix) {
                    objected.push(Refusal { fix: fix.clone(), reason });
                }
            }
            if objected.is_empty() {
                plan.withheld.append(&mut held);
                self.tell(&Event::Planned(&plan));
                return plan;
            }
            for refusal in objected {
                refused.insert(key(&refusal.fix));
                self.tell(&Event::Refused(&refusal));
                if let RefusalReason::Guard(objections) = &refusal.reason
                    && Ruling::of(objections) == Ruling::NeedsPerson
                {
                    held.push(refusal.fix.clone());
                }
                refusals.push(refusal);
            }
        }
    }

    fn objects(&self, original: &Snapshot, current: &Snapshot, fix: &crate::Fix) -> Option<RefusalReason> {
        let limit = self.parts.budget.lines_per_fix;
        if fix.size() > limit {
            return Some(RefusalReason::Size { limit });
        }
        let after = fix.changes().apply(current).ok()?;
        let mut objections = vet(&self.parts.guards, current, &after, fix.changes());
        // Steps that are harmless one by one may add up to a cheat.
        if objections.is_empty()
            && !current.is(original)
            && let Ok(sum) = ChangeSet::between(original, &after)
        {
            objections = vet(&self.parts.guards, original, &after, &sum);
        }
        (!objections.is_empty()).then_some(RefusalReason::Guard(objections))
    }

    fn analyze(&self, snapshot: &Snapshot, failures: &[Failure]) -> Vec<Analysis> {
        let known = |failure| self.parts.analyzers.iter().find_map(|analyzer| analyzer.analyze(failure, snapshot));
        failures
            .iter()
            .map(|failure| known(failure).unwrap_or_else(|| Analysis::of_location(failure, snapshot)))
            .collect()
    }

    async fn ask(&self, snapshot: &Snapshot, analyses: &[Analysis]) -> Facts {
        let mut queries = BTreeSet::new();
        for analysis in analyses {
            for generator in &self.parts.generators {
                if generator.meta().handles.contains(&analysis.failure.category) {
                    queries.extend(generator.queries(analysis, snapshot));
                }
            }
        }
        let mut open: Vec<Query> = queries.into_iter().collect();
        if !open.is_empty() {
            self.tell(&Event::Asking { queries: open.len() });
        }
        let mut facts = Facts::default();
        for provider in &self.parts.providers {
            let answers: Vec<Option<Result<Fact, FactError>>> = provider.answer_all(&open, snapshot).await;
            let mut unanswered = Vec::new();
            for (index, query) in open.into_iter().enumerate() {
                match answers.get(index) {
                    Some(Some(answer)) => facts.insert(query, answer.clone()),
                    _ => unanswered.push(query),
                }
            }
            open = unanswered;
        }
        facts
    }

    pub(super) async fn validate_in_full(&self, snapshot: &Snapshot) -> Result<ValidationResult, ValidateError> {
        self.validate(crate::ValidationRequest::full(snapshot)).await
    }

    pub(super) async fn validate(
        &self,
        request: crate::ValidationRequest<'_>,
    ) -> Result<ValidationResult, ValidateError> {
        let mut all = ValidationResult { complete: true, ..ValidationResult::default() };
        let mut places = Vec::new();
        for validator in &self.parts.validators {
            let result = validator.validate(request).await?;
            all.complete &= result.complete;
            all.runs.extend(result.runs);
            places.push(result.environment);
        }
        all.environment = places.join("; ");
        Ok(all)
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        self.parts.observers.iter().for_each(|observer| observer.on(event));
    }
}

/// Sets what was seen beside what was said.
fn reproduce(before: ValidationResult, said: &[Failure]) -> Outcome {
    let seen: Vec<&Failure> = before.failures().collect();
    let (here, there) = (Count::of(seen.iter().copied()), Count::of(said.iter()));
    let (mut known, mut foreign) = (Vec::new(), Vec::new());
    let mut reproduced = false;
    for run in &before.runs {
        for failure in &run.failures {
            let is_said = said.is_empty() || there.number(failure.fingerprint()) > 0;
            reproduced |= is_said;
            if is_said || run.entire { known.push(failure.clone()) } else { foreign.push(failure.clone()) }
        }
    }
    let not_reproduced = said.iter().filter(|failure| here.number(failure.fingerprint()) == 0).cloned().collect();
    let stop = match () {
        () if seen.is_empty() => Stop::NothingFailed,
        () if !reproduced => Stop::NotReproducible,
        () => Stop::NothingLeft,
    };
    Outcome {
        accepted: Vec::new(),
        changes: ChangeSet::default(),
        withheld: Vec::new(),
        refused: Vec::new(),
        skipped: Vec::new(),
        before,
        after: None,
        not_reproduced,
        foreign,
        remaining: known,
        stop,
    }
}

/// What is broken now and is our business.
fn open(now: &ValidationResult, foreign: &[Failure]) -> Vec<Failure> {
    let foreign = Count::of(foreign.iter());
    now.failures().filter(|failure| foreign.number(failure.fingerprint()) == 0).cloned().collect()
}
