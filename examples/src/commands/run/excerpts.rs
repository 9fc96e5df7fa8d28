//! The lines of the logs that a bundle quotes.

use super::evidence::Found;
use crate::output::clean;
use crate::output::evidence::{position, step_of};
use repair_core::bundle::Excerpt;
use repair_core::redact::Redactor;
use repair_core::{Failure, Log};
use std::collections::BTreeSet;

/// Lines before and behind those that say that something failed.
const CONTEXT: u64 = 2;
/// The most lines of one failure.
const OF_ONE: usize = 40;
/// The most lines in all.
const OF_ALL: usize = 200;
/// The most characters of a line.
const WIDTH: usize = 300;

/// What the logs say of the failures, without secrets, cut to what a person reads, and with nothing that a terminal or a
/// runner would obey.
pub(super) fn of(found: &Found, redactor: &Redactor) -> Vec<Excerpt> {
    let (mut excerpts, mut left, mut seen) = (Vec::new(), OF_ALL, BTreeSet::new());
    for failure in &found.diagnosis.failures {
        let Some((job, lines)) = lines(&found.log, failure) else { continue };
        let lines: Vec<String> = lines.into_iter().take(left.min(OF_ONE)).collect();
        let excerpt = Excerpt { job, text: redactor.redact(&lines.join("\n")).into_owned() };
        if !lines.is_empty() && seen.insert((excerpt.job.clone(), excerpt.text.clone())) {
            left -= lines.len();
            excerpts.push(excerpt);
        }
    }
    excerpts
}

/// The job, and the last lines that tell of the failure: the most telling part of what a tool prints.
fn lines(log: &Log, failure: &Failure) -> Option<(String, Vec<String>)> {
    let (first, last) = failure.log_lines?;
    let step = step_of(log, failure)?;
    let from = position(&step.output, first.saturating_sub(CONTEXT));
    let to = position(&step.output, last.saturating_add(CONTEXT + 1));
    let from = from.max(to.saturating_sub(OF_ONE));
    let lines = (from..to).map(|index| shown(step.output.line(index))).collect();
    Some((step.job.clone().unwrap_or_default(), lines))
}

fn shown(line: &str) -> String {
    clean(line).chars().take(WIDTH).collect()
}
