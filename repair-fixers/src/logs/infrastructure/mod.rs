//! What is not the code's fault: runners, networks, limits, workflow files, git.
//!
//! - `runner`: what the runner says when it gives a job up, and what it and its actions refuse.
//! - `workflow`: workflow files that are not valid.
//! - `network`: troubles with other machines, also survived ones.
//! - `resources`: no memory, no disk, no time.
//! - `git`: what git could not fetch or push.

mod git;
mod network;
mod resources;
mod runner;
mod workflow;

use super::consequence;
use aho_corasick::{AhoCorasick, MatchKind};
use repair_core::{Category, Failure, LogParser, Output, Parsed, Step};
pub(super) use runner::Runner;
use std::sync::LazyLock;

/// Reads troubles of the network, the disk and git. They are also survived, so this counts only where no tool has
/// more to say.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Trouble;

impl LogParser for Trouble {
    fn id(&self) -> &'static str {
        "trouble"
    }

    fn parse(&self, step: &Step) -> Parsed {
        let suspects = suspects(&step.output);
        let last = |read| last(step, &suspects, read);
        let found = network::rate_limit(step)
            .or_else(|| last(git::failed))
            .or_else(|| last(resources::exhausted))
            .or_else(|| last(network::sign))
            .or_else(|| resources::killed(step))
            .or_else(|| last(resources::stalled));
        let mut parsed = Parsed::default();
        parsed.failures.extend(found);
        parsed
    }
}

/// The last line that `read` understands: what ended the step stands at its end.
fn last(step: &Step, suspects: &[usize], read: Read) -> Option<Failure> {
    suspects.iter().rev().find_map(|index| read(step, *index, step.output.line(*index)))
}

/// Reads the line at an index of a step's output.
type Read = fn(&Step, usize, &str) -> Option<Failure>;

/// Finds what one of the lines has of which [`Trouble`] reads the last.
static SUSPECT: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let signs =
        [&git::SENTENCES[..], &["fatal: "], &resources::EXHAUSTED, &resources::STALLED, &network::SIGNS].concat();
    AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(signs).ok()
});

/// The lines that [`Trouble`] has to look at, as indices.
fn suspects(output: &Output) -> Vec<usize> {
    let Some(suspect) = &*SUSPECT else { return (0..output.len()).collect() };
    let mut found: Vec<usize> = suspect.find_iter(output.text()).map(|found| output.index_at(found.start())).collect();
    found.dedup();
    found
}

/// The text of an error annotation.
fn error_message(line: &str) -> Option<&str> {
    line.strip_prefix("##[error]").or_else(|| line.strip_prefix("Error: "))
}

fn failure(step: &Step, index: usize, tool: &str, code: Option<&str>, message: &str) -> Failure {
    let mut failure = Failure::new(Category::Infrastructure, tool);
    failure.code = code.map(str::to_owned);
    failure.message = Some(message.trim().to_owned());
    failure.log_lines = Some((step.output.number(index), step.output.number(index)));
    failure
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::StepOutcome;

    pub(super) fn step(text: &str, outcome: StepOutcome) -> Step {
        let mut step = Step::default();
        step.output = text.lines().collect();
        step.outcome = outcome;
        step
    }

    #[track_caller]
    pub(super) fn check(parser: &dyn LogParser, text: &str, tool: &str, code: Option<&str>, message: &str) {
        let found = parser.parse(&step(text, StepOutcome::Failed(None))).failures;
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].category, Category::Infrastructure);
        assert_eq!((found[0].tool.as_str(), found[0].code.as_deref()), (tool, code), "{text}");
        assert_eq!(found[0].message.as_deref(), Some(message));
    }

    #[test]
    fn of_several_troubles_the_telling_one_counts() {
        let limit =
            "fatal: unable to access 'https://x/': 429\n{\"message\":\"API rate limit exceeded for user ID 1.\"}";
        check(&Trouble, limit, "github-api", Some("403"), "API rate limit exceeded for user ID 1.");
        let disk = "OSError: [Errno 28] No space left on device\nRead timed out.";
        check(&Trouble, disk, "github-actions", Some("OSError"), "[Errno 28] No space left on device");
    }
}
