//! What reports and the log say together.

use super::id::Known;
use super::{Report, failure};
use crate::logs::roots::Roots;
use crate::logs::{Conclusion, Diagnosis, traceback};
use repair_core::{Category, Failure, Log, RepoPath, TestCounts};
use std::collections::{BTreeMap, HashMap};

/// See [`super::join`].
pub(super) fn join(
    log: &Log,
    mut diagnosis: Diagnosis,
    reports: &[Report],
    is_file: &dyn Fn(&RepoPath) -> bool,
) -> Diagnosis {
    let ids: Vec<String> = diagnosis.failures.iter().filter_map(|failure| failure.test_id.clone()).collect();
    let known = Known::new(ids.iter().map(String::as_str), is_file);
    let roots = roots(log, reports);
    let cases = reports.iter().flat_map(|report| &report.cases);
    let told = once_each(cases.flat_map(|case| failure::all(case, &roots, &known)));
    merge(&mut diagnosis, told);
    sum_up(&mut diagnosis, log, reports);
    diagnosis
}

/// The failures without those that several reports tell, as of two environments.
fn once_each(failures: impl Iterator<Item = Failure>) -> Vec<Failure> {
    let mut told: Vec<Failure> = Vec::new();
    let mut by_id: HashMap<Option<String>, Vec<usize>> = HashMap::new();
    for failure in failures {
        let same = by_id.entry(failure.test_id.clone()).or_default();
        if !same.iter().any(|index| is_same(&told[*index], &failure)) {
            same.push(told.len());
            told.push(failure);
        }
    }
    told
}

/// Where the repository lies in the paths of the reports: as the log says, or where all their files are.
fn roots(log: &Log, reports: &[Report]) -> Roots {
    let says = |step: &&repair_core::Step| step.output.iter().any(|line| line.starts_with("rootdir: "));
    let mut roots = log.steps.iter().find(says).map(Roots::of).unwrap_or_default();
    let problems = reports.iter().flat_map(|report| &report.cases).flat_map(|case| &case.problems);
    let outputs: Vec<_> = problems.take(1000).map(failure::lines).collect();
    let frames: Vec<_> = outputs.iter().flat_map(|output| output.iter().filter_map(traceback::frame)).collect();
    roots.add_common(frames.iter().map(|frame| frame.path.as_str()));
    roots
}

/// Whether two failures of the same test are one: their exceptions are the same, or one does not say.
fn is_same(one: &Failure, other: &Failure) -> bool {
    one.test_id == other.test_id && (one.code == other.code || one.code.is_none() || other.code.is_none())
}

/// Puts what the reports tell in the place of what the log says of the same tests, and the rest behind.
fn merge(diagnosis: &mut Diagnosis, told: Vec<Failure>) {
    let anything = !told.is_empty();
    let mut by_id: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (index, failure) in diagnosis.failures.iter().enumerate().filter(|(_, failure)| failure.test_id.is_some()) {
        by_id.entry(failure.test_id.clone()).or_default().push(index);
    }
    let mut rest = Vec::new();
    for failure in told {
        let indices = by_id.get_mut(&failure.test_id);
        let found = indices.and_then(|indices| {
            let at = indices.iter().position(|index| is_same(&diagnosis.failures[*index], &failure))?;
            Some(indices.remove(at))
        });
        match found {
            Some(index) => replace(&mut diagnosis.failures[index], failure),
            None => rest.push(failure),
        }
    }
    if anything {
        drop_opaque(diagnosis);
    }
    let first = diagnosis.failures.len();
    if let [step] = diagnosis.failed_steps.as_mut_slice() {
        step.failures.extend(first..first + rest.len());
    }
    diagnosis.failures.extend(rest);
}

/// The report is believed; what only the log says is added.
fn replace(old: &mut Failure, mut new: Failure) {
    new.log_lines = old.log_lines;
    new.external = old.external.take();
    new.code = new.code.or(old.code.take());
    new.message = new.message.or(old.message.take());
    if new.path.is_none() || new.line.is_none() && new.path == old.path {
        new.path = old.path.take();
        new.line = old.line;
    }
    new.column = old.column;
    new.tool = std::mem::take(&mut old.tool);
    *old = new;
}

/// A failure that says no more than that a step of tests ended with a code is told by the report.
fn drop_opaque(diagnosis: &mut Diagnosis) {
    let numeric = |code: &str| !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit());
    let alone = diagnosis.failures.len() == 1;
    let opaque = |failure: &Failure| {
        failure.test_id.is_none()
            && failure.path.is_none()
            && failure.external.is_none()
            && failure.code.as_deref().is_some_and(numeric)
            && (failure.category == Category::Test || alone)
    };
    let kept: Vec<bool> = diagnosis.failures.iter().map(|failure| !opaque(failure)).collect();
    let moved = |index: &usize| {
        kept.get(*index).is_some_and(|kept| *kept).then(|| kept[..*index].iter().filter(|kept| **kept).count())
    };
    for step in &mut diagnosis.failed_steps {
        step.failures = step.failures.iter().filter_map(moved).collect();
    }
    let mut index = 0;
    diagnosis.failures.retain(|_| {
        index += 1;
        kept[index - 1]
    });
}

fn sum_up(diagnosis: &mut Diagnosis, log: &Log, reports: &[Report]) {
    let mut counts = TestCounts::default();
    reports.iter().for_each(|report| counts += report.counts);
    if counts.run + counts.skipped > 0 {
        diagnosis.counts = Some(counts);
    }
    let flaky: u64 = reports.iter().map(|report| report.flaky).sum();
    if flaky > 0 {
        let tests = if flaky == 1 { "1 test" } else { &format!("{flaky} tests") };
        diagnosis.notes.push(format!("{tests} failed first and passed when run again"));
    }
    let left_out: u64 = reports.iter().map(|report| report.left_out).sum();
    if left_out > 0 {
        diagnosis.notes.push(format!("{left_out} more failing tests are left out"));
    }
    if !diagnosis.failures.is_empty() {
        diagnosis.conclusion = Conclusion::Failed;
    } else if log.steps.is_empty() && counts.run > 0 {
        diagnosis.conclusion = Conclusion::Passed;
    }
}
