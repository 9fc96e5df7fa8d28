//! pytest, from version 3 to 9, with the plugins that change its output.
//!
//! ```text
//! lines ─ session ─▶ blocks (FAILURES, ERRORS), summary lines, verdicts, tally ─ failures ─▶ Failure
//! ```

mod block;
mod blocks;
#[cfg(test)]
mod copied;
mod failures;
mod form;
mod fragment;
mod session;
mod stop;
#[cfg(test)]
mod tests;
mod usage;

pub(super) use block::{Details, read as details};

use super::roots::Roots;
use repair_core::{Failure, LogParser, Parsed, Step, StepOutcome, TestCounts};
use session::Session;

/// Reads pytest's output.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Pytest;

impl LogParser for Pytest {
    fn id(&self) -> &'static str {
        "pytest"
    }

    fn parse(&self, step: &Step) -> Parsed {
        let sessions = session::all(&step.output);
        let mut parsed = Parsed::default();
        if sessions.is_empty() {
            let roots = Roots::of(step);
            parsed.failures = usage::errors(step, &roots);
            if parsed.failures.is_empty() {
                parsed.failures = fragment::failures(step, &roots);
            }
            return parsed;
        }
        let roots = Roots::of(step);
        for session in &sessions {
            parsed.failures.extend(failures::of(session, &step.output, &roots));
            if let Some(tally) = session.tally {
                *parsed.counts.get_or_insert_default() += tally.counts;
            }
        }
        if parsed.failures.is_empty() {
            parsed.failures = usage::errors(step, &roots);
        }
        if parsed.failures.is_empty() && step.outcome != StepOutcome::Passed {
            parsed.failures.extend(unnamed(&sessions, step));
        }
        parsed.passed = parsed.failures.is_empty() && sessions.iter().all(Session::passed);
        parsed
    }
}

/// The failure of sessions that name none.
fn unnamed(sessions: &[Session], step: &Step) -> Option<Failure> {
    let counted = sessions.iter().find_map(|session| failures::only_counted(session, step));
    let nothing = || sessions.iter().find_map(|session| failures::nothing_ran(session, step));
    counted.or_else(nothing).or_else(|| failures::cut_short(sessions.last()?, step))
}

/// What the last line of a session says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tally {
    counts: TestCounts,
    /// Whether it says that no test ran.
    nothing: bool,
}
