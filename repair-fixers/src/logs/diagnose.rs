//! From steps to failures: which parser is believed.

use super::dispatch::{FALLBACKS, TOOLS};
use super::merge::Merged;
use super::{Conclusion, Diagnosis, FailedStep, external, gate, infrastructure, opaque, printed, services};
use repair_core::{Category, Failure, Log, LogParser, Parsed, Step, StepOutcome, TestCounts};
use std::collections::BTreeSet;

/// What one step says, the most telling source alone.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) parsed: Parsed,
    /// Nothing is known but that the step failed.
    pub(super) opaque: Option<Failure>,
}

/// Says what failed, one failure per cause.
///
/// Only steps that failed, or of which the log does not say how they ended, are looked at. Of each step the tools are
/// heard first, then Python's own tracebacks, then signs of trouble with network, disk and the like; a failed step that
/// nobody understands is one failure with its last words.
pub fn diagnose(log: &Log) -> Diagnosis {
    let mut found = Merged::default();
    let mut counts: Option<TestCounts> = None;
    let mut notes = log.notes.clone();
    let mut passed = false;
    let mut read = Vec::new();
    let mut explained: BTreeSet<Option<&str>> = BTreeSet::new();
    for step in log.steps.iter().filter(|step| step.outcome != StepOutcome::Passed) {
        let reading = read_step(step);
        if !reading.parsed.failures.is_empty() {
            explained.insert(step.job.as_deref());
        }
        let failures: Vec<usize> = reading.parsed.failures.into_iter().map(|failure| found.add(failure)).collect();
        read.push((step, failures, reading.opaque));
        if let Some(more) = reading.parsed.counts {
            *counts.get_or_insert_default() += more;
        }
        passed |= reading.parsed.passed;
        notes.extend(reading.parsed.notes);
    }
    // Steps behind the failed one run to clean up or to report; what goes wrong there is a consequence. So is the
    // failure of a job that looks at the results of others.
    for (step, failures, opaque) in &mut read {
        let job = step.job.as_deref();
        let known = explained.contains(&job) || !explained.is_empty() && gate::is_one(step);
        if let Some(failure) = opaque.take().filter(|_| !known) {
            explained.insert(job);
            failures.push(found.add(failure));
        }
    }
    let failed_steps = read.into_iter().filter_map(|(step, failures, _)| FailedStep::of(step, failures)).collect();
    let failures = found.finish();
    Diagnosis { conclusion: conclusion(log, &failures, passed), failures, failed_steps, counts, notes }
}

fn conclusion(log: &Log, failures: &[Failure], passed: bool) -> Conclusion {
    let failed = log.steps.iter().any(|step| matches!(step.outcome, StepOutcome::Failed(_)));
    let all_passed = !log.steps.is_empty() && log.steps.iter().all(|step| step.outcome == StepOutcome::Passed);
    match () {
        () if failed || !failures.is_empty() => Conclusion::Failed,
        () if all_passed || passed => Conclusion::Passed,
        () => Conclusion::Unknown,
    }
}

/// Reads one step, of containers that print at once each for itself.
pub(super) fn read_step(step: &Step) -> Reading {
    let Some(parts) = services::split(step) else { return read_output(step) };
    let mut readings = parts.iter().map(read_output);
    let mut reading = readings.next().unwrap_or_default();
    for more in readings {
        reading.parsed.failures.extend(more.parsed.failures);
        reading.parsed.notes.extend(more.parsed.notes);
        reading.parsed.passed &= more.parsed.passed;
        if let Some(counts) = more.parsed.counts {
            *reading.parsed.counts.get_or_insert_default() += counts;
        }
        reading.opaque = reading.opaque.or(more.opaque);
    }
    reading.opaque = reading.opaque.filter(|_| reading.parsed.failures.is_empty());
    reading
}

fn read_output(step: &Step) -> Reading {
    let mut reading = Reading::default();
    let parsed = &mut reading.parsed;
    for more in TOOLS.ask(step) {
        parsed.failures.extend(more.failures);
        parsed.notes.extend(more.notes);
        parsed.passed |= more.passed;
        if let Some(counts) = more.counts {
            *parsed.counts.get_or_insert_default() += counts;
        }
    }
    printed::remove(&mut parsed.failures);
    parsed.passed &= parsed.failures.is_empty();
    let said_well = parsed.passed && !matches!(step.outcome, StepOutcome::Failed(_));
    if said_well {
        return reading;
    }
    let trouble = || infrastructure::Trouble.parse(step).failures;
    if parsed.failures.is_empty() {
        parsed.failures = FALLBACKS.ask(step).flat_map(|parsed| parsed.failures).collect();
    }
    let installing = |failure: &Failure| {
        failure.category == Category::Dependency || failure.tool == "python" || failure.tool == "pip"
    };
    if parsed.failures.iter().all(installing) {
        replace(&mut parsed.failures, trouble(), step);
    }
    if parsed.failures.is_empty() {
        reading.opaque = opaque::failure(step);
    }
    external::mark(&mut parsed.failures, step);
    external::mark(reading.opaque.as_mut_slice(), step);
    reading
}

/// Trouble with the network explains why a dependency was not found, or why a script ended.
fn replace(failures: &mut Vec<Failure>, trouble: Vec<Failure>, step: &Step) {
    let failed = matches!(step.outcome, StepOutcome::Failed(_));
    let external = |failure: &Failure| {
        failure.category == Category::Infrastructure
            && (failed || failure.code.is_some())
            && failure.code.as_deref() != Some("137")
            || failure.code.as_deref() == Some("137")
    };
    if trouble.iter().any(external) && (failures.is_empty() || trouble.iter().all(|trouble| caused(failures, trouble)))
    {
        *failures = trouble;
    }
}

/// Whether a trouble stands inside of or shortly before the failures that it explains.
fn caused(failures: &[Failure], trouble: &Failure) -> bool {
    let Some((at, _)) = trouble.log_lines else { return false };
    failures.iter().all(|failure| failure.log_lines.is_none_or(|(first, last)| at + 60 >= first && at <= last + 5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::{CheckReader, read};
    use proptest::prelude::*;
    use repair_core::OutputReader;

    fn of(text: &str) -> Diagnosis {
        diagnose(&read(text.as_bytes()).unwrap())
    }

    const HEADER: &str = "##[group]Run make test\n\u{1b}[36;1mmake test\u{1b}[0m\nshell: bash\n##[endgroup]\n";
    const TEST: &str = "=========================== short test summary info ============================\nFAILED a.py::t - assert 0\n1 \
                        failed in 0.1s\nmake: *** [Makefile:3: test] Error 1\n";

    #[test]
    fn consequences_count_only_where_nothing_else_is_known() {
        let end = "##[error]Process completed with exit code 2.\nPost job cleanup.\n";
        let known = of(&format!("{HEADER}{TEST}{end}"));
        assert_eq!(known.failures.len(), 1);
        assert_eq!(known.failures[0].test_id.as_deref(), Some("a.py::t"));
        let unknown = of(&format!("{HEADER}the reactor is cold\nmake: *** [Makefile:3: test] Error 1\n{end}"));
        assert_eq!(unknown.failures.len(), 1);
        assert_eq!(unknown.failures[0].message.as_deref(), Some("the reactor is cold"));
        assert_eq!(unknown.conclusion, Conclusion::Failed);
    }

    #[test]
    fn a_step_that_passed_yields_nothing_whatever_it_printed() {
        let passed = of(&format!("{HEADER}{TEST}Post job cleanup.\nCleaning up orphan processes\n"));
        assert!(passed.failures.is_empty());
        assert_eq!(passed.conclusion, Conclusion::Passed);
    }

    #[test]
    fn a_check_is_read_like_a_step() {
        let failed = CheckReader.read("pytest", TEST, Some(1));
        assert_eq!(failed.failures.len(), 1);
        assert_eq!(failed.counts, Some(TestCounts { run: 1, failed: 1, skipped: 0 }));
        let passed = CheckReader.read("pytest", "3 passed, 1 skipped in 0.1s", Some(0));
        assert!(passed.failures.is_empty() && passed.passed);
        assert_eq!(passed.counts, Some(TestCounts { run: 3, failed: 0, skipped: 1 }));
        assert_eq!(CheckReader.read("./check.sh", "bad", Some(3)).failures[0].code.as_deref(), Some("3"));
    }

    proptest! {
        #[test]
        fn any_text_is_diagnosed(text in "(([ -~é]{0,40}|Traceback \\(most recent call last\\):|={70}|-{70}|  File \"a.py\", line 1|E: x)\n){0,30}") {
            of(&text);
        }
    }
}
