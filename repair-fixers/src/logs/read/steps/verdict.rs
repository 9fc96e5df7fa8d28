//! What is known of a job's end, and what it says about its steps.

use super::{Introduction, Steps};
use repair_core::{Output, StepOutcome};

/// What is known of how the job goes.
#[derive(Debug, Default)]
pub(super) struct Verdict {
    /// The first step of the job.
    first: usize,
    /// The step that failed if the job did.
    suspect: Option<usize>,
    /// From which step on it is proven that the job succeeds, if nothing fails after it.
    proof: Option<usize>,
    /// Whether the last line said that the job succeeded.
    said: bool,
}

impl Steps {
    /// Another job begins.
    pub(super) fn new_job(&mut self, job: Option<String>) {
        self.settle();
        self.python = None;
        self.runner = Introduction::default();
        self.posts = super::Posts::default();
        self.job = job;
        self.verdict = Verdict { first: self.log.steps.len(), ..Verdict::default() };
    }

    /// The job is over: what failed in one that succeeded was allowed to.
    pub(super) fn settle(&mut self) {
        let failed = |outcome| matches!(outcome, StepOutcome::Failed(_));
        let after = |proof: usize| self.log.steps.iter().skip(proof).any(|step| failed(step.outcome));
        let proven = self.verdict.proof.is_some_and(|proof| !after(proof));
        if !self.verdict.said && !proven {
            return;
        }
        for step in self.log.steps.iter_mut().skip(self.verdict.first) {
            step.outcome = StepOutcome::Passed;
            step.output = Output::default();
        }
    }

    /// What runs now runs only in a job that succeeds.
    pub(super) fn success_is_proven(&mut self) {
        self.verdict.proof.get_or_insert(self.log.steps.len());
    }

    /// The system says that the job succeeded. This counts if nothing comes after it.
    pub(super) fn success_is_said(&mut self) {
        self.verdict.said = true;
    }

    /// A line comes after what the system may have said.
    pub(super) fn more_is_said(&mut self, text: &str) {
        if self.verdict.said && !text.trim().is_empty() && !text.starts_with("Running with gitlab-runner ") {
            self.verdict.said = false;
        }
    }

    /// The open step ends, of which only the end of the job will say how. A step called `next` begins.
    pub(super) fn suspend(&mut self, next: Option<&str>) {
        let before = self.log.steps.len();
        self.open.run = false;
        self.end_step(false);
        if self.log.steps.get(before).is_some_and(|step| step.outcome == StepOutcome::Unknown) {
            self.verdict.suspect = Some(before);
        }
        self.begin(next);
    }

    /// Another step runs that would not if the last one had failed.
    pub(super) fn suspect_passed(&mut self) {
        let suspect = self.verdict.suspect.take().and_then(|index| self.log.steps.get_mut(index));
        if let Some(step) = suspect {
            step.outcome = StepOutcome::Passed;
            step.output = Output::default();
        }
    }

    /// The system says at the end that the job failed: in the suspect, or in the step that is open.
    pub(super) fn job_failed(&mut self, number: u64, text: &str, code: Option<i32>) {
        let suspect = self.verdict.suspect.take().and_then(|index| self.log.steps.get_mut(index));
        match suspect {
            Some(step) => {
                step.outcome = StepOutcome::Failed(code);
                step.output.push(number, text);
            }
            None => {
                self.open.ending.fails(code);
                self.output(number, text);
            }
        }
    }

    /// Whether a step of this job is known to have failed.
    pub(super) fn has_failed(&self) -> bool {
        let failed = |outcome| matches!(outcome, StepOutcome::Failed(_));
        self.open.ending.failed.is_some()
            || self.log.steps.iter().skip(self.verdict.first).any(|step| failed(step.outcome))
    }
}
