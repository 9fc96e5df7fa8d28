//! Which failures are likely not the code's fault, and what line says so.
//!
//! The rules are cautious: a bug must not be excused. What speaks for a cause outside has to be the failure's own words
//! (its exception, or the exception that it was raised from), and what an error of programming says never counts,
//! whatever text it carries: `AssertionError: 503 != 200` is a failed test.
//!
//! | kind | what counts |
//! | --- | --- |
//! | network | an exception of the network, or its text, unless it names a host of this machine, a reserved name or a service of the job; a refused connection only where it names a host of the internet |
//! | service, rate limit | an answer 502, 503, 504 or 429, unless of this machine; 500 only of a host of the internet |
//! | resource | no space left, no memory; not an array of terabytes; a killed process; a worker that went without a crash report |
//! | time limit | of the runner, of pytest-timeout, the deadline of hypothesis; not a wait of the test itself |
//! | runner, canceled, access | what the runner says |
//! | flaky | a rerun with another outcome in the same log; hypothesis says so itself |
//!
//! A dependency that was not found is the network's fault when the installer could not reach its index for that very
//! package.

mod exceptions;
mod hosts;
mod reruns;
mod signs;
#[cfg(test)]
mod tests;

use repair_core::{Category, External, ExternalKind, Failure, Output, Step};
use reruns::Reruns;
use std::ops::Range;

/// How many lines before a dependency that was not found the installer may have said why.
const NEAR: usize = 60;

/// Marks those of a step's failures that are likely not the code's fault.
pub(super) fn mark(failures: &mut [Failure], step: &Step) {
    if failures.is_empty() {
        return;
    }
    let reruns = Reruns::of(&step.output);
    for failure in failures {
        failure.external = failure.external.take().or_else(|| reason(failure, &step.output, &reruns));
    }
}

fn reason(failure: &Failure, output: &Output, reruns: &Reruns<'_>) -> Option<External> {
    let lines = lines_of(failure, output);
    match failure.category {
        Category::Infrastructure => infrastructure(failure, output, lines),
        Category::Dependency => dependency(failure, output, lines),
        Category::Test | Category::IntegrationTest => {
            reruns.flaky(failure).or_else(|| exceptions::reason(failure, output, lines, reruns.crashed))
        }
        Category::Import | Category::Documentation | Category::Build => {
            exceptions::reason(failure, output, lines, reruns.crashed)
        }
        _ => None,
    }
}

/// The indices of the lines that a failure was read from.
fn lines_of(failure: &Failure, output: &Output) -> Range<usize> {
    let Some((first, last)) = failure.log_lines else { return 0..0 };
    index_of(output, first)..index_of(output, last.saturating_add(1))
}

/// The index of the first line whose number is `number` or more.
fn index_of(output: &Output, number: u64) -> usize {
    let (mut low, mut high) = (0, output.len());
    while low < high {
        let middle = low + (high - low) / 2;
        if output.number(middle) < number { low = middle + 1 } else { high = middle }
    }
    low
}

/// What the runner, git or the network said is its own evidence.
fn infrastructure(failure: &Failure, output: &Output, lines: Range<usize>) -> Option<External> {
    let message = failure.message.as_deref().unwrap_or_default();
    let kind = match failure.code.as_deref() {
        Some("137") => Some(ExternalKind::Resource),
        _ => signs::of_runner(message).or_else(|| signs::of_text(message)),
    };
    Some(External::new(kind?, evidence(output, lines, message)))
}

/// The index could not be reached: the message says so, or the retries for this package do.
fn dependency(failure: &Failure, output: &Output, lines: Range<usize>) -> Option<External> {
    let message = failure.message.as_deref().unwrap_or_default();
    if let Some(kind) = signs::of_text(message).filter(|_| !hosts::names_this_machine(message)) {
        return Some(External::new(kind, evidence(output, lines, message)));
    }
    let subject = failure.subject.as_deref()?;
    let name = subject.find(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')));
    let page = format!("/{}/", subject[..name.unwrap_or(subject.len())].to_ascii_lowercase().replace(['_', '.'], "-"));
    let mut retries = (lines.start.saturating_sub(NEAR)..lines.end).map(|index| output.line(index));
    let line = retries.rfind(|line| line.contains("Retrying (Retry(total=") && line.contains(&page))?;
    Some(External::new(signs::of_text(line)?, line))
}

/// The line among `lines` that has `text`, else `text` itself.
fn evidence<'a>(output: &'a Output, lines: Range<usize>, text: &'a str) -> &'a str {
    let start = text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end]);
    let line = lines.map(|index| output.line(index)).rfind(|line| !start.is_empty() && line.contains(start));
    line.map_or(text, |line| line.strip_prefix("E  ").unwrap_or(line))
}
