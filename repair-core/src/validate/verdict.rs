//! What a run says of a change: computed, never chosen.

use super::{CheckRun, UNREAD, ValidationResult};
use crate::{Failure, Fingerprint, Phase, RepoPath};
use std::collections::BTreeMap;

/// What a change did, computed from the failures before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Verdict {
    /// Something is worse: a failure that was not there and was not masked, or fewer tests.
    Regressed,
    /// The failures are as they were.
    Unchanged,
    /// Some of them are gone, and nothing is worse.
    Partial,
    /// A failure is gone, and one of a later phase has come to light behind it.
    Advanced,
    /// All of them are gone, and nothing is worse.
    Fixed,
}

impl Verdict {
    /// Compares what was seen `before` with what was seen `after`, with an eye on `targets`, which are among the
    /// failures before.
    ///
    /// Checks are paired by name; one that ran only on one side is left out of the comparison.
    /// If `after` is of a targeted run, then only the targets count as gone, and the numbers of tests are not compared.
    pub fn of(before: &ValidationResult, after: &ValidationResult, targets: &[Failure]) -> Self {
        let wanted = Count::of(targets.iter());
        let mut uncovered = false;
        for run in &after.runs {
            let Some(old) = before.runs.iter().find(|old| old.name == run.name) else { continue };
            let delta = Delta::of(old, run, (!after.complete).then_some(&wanted));
            if delta.worse || after.complete && lost_tests(old, run) {
                return Self::Regressed;
            }
            uncovered |= delta.uncovered;
        }
        let left = Count::of(after.failures());
        let kept: usize = wanted.0.iter().map(|(fingerprint, kind)| left.number(*fingerprint).min(kind.number)).sum();
        match (targets.len() - kept, kept) {
            (0, _) => Self::Unchanged,
            _ if uncovered => Self::Advanced,
            (_, 0) => Self::Fixed,
            _ => Self::Partial,
        }
    }

    /// Whether a change with this verdict may be kept.
    pub fn is_progress(self) -> bool {
        self > Self::Unchanged
    }
}

/// Fewer tests ran, or more were skipped. A run that was cut short before has nothing to compare with.
fn lost_tests(before: &CheckRun, after: &CheckRun) -> bool {
    match (before.counts, after.counts) {
        (Some(old), Some(new)) => new.run < old.run || new.skipped > old.skipped && new.run <= old.run,
        (Some(old), None) => old.run > 0 && after.exit.success(),
        _ => false,
    }
}

/// How often each failure is there.
pub(crate) struct Count<'a>(BTreeMap<Fingerprint, Kind<'a>>);

struct Kind<'a> {
    phase: Phase,
    tool: &'a str,
    /// The test, or else the file.
    place: Option<&'a str>,
    number: usize,
}

impl<'a> Count<'a> {
    pub(crate) fn of(failures: impl Iterator<Item = &'a Failure>) -> Self {
        let mut count = BTreeMap::new();
        for failure in failures {
            let place = failure.test_id.as_deref().or(failure.path.as_ref().map(RepoPath::as_str));
            let kind = Kind { phase: failure.phase, tool: &failure.tool, place, number: 0 };
            count.entry(failure.fingerprint()).or_insert(kind).number += 1;
        }
        Self(count)
    }

    pub(crate) fn number(&self, fingerprint: Fingerprint) -> usize {
        self.0.get(&fingerprint).map_or(0, |kind| kind.number)
    }

    /// What is here more often than in `other`.
    fn surplus(&self, other: &Count<'_>) -> Vec<&Kind<'a>> {
        self.0
            .iter()
            .filter(|(fingerprint, kind)| other.number(**fingerprint) < kind.number)
            .map(|(_, kind)| kind)
            .collect()
    }
}

/// How the failures of one check changed.
struct Delta {
    /// Whether something came.
    uncovered: bool,
    /// Whether something came that nothing can have hidden.
    worse: bool,
}

impl Delta {
    fn of(before: &CheckRun, after: &CheckRun, only: Option<&Count<'_>>) -> Self {
        let (old, new) = (Count::of(before.failures.iter()), Count::of(after.failures.iter()));
        let counts = |failure: &&Failure| only.is_none_or(|only| only.number(failure.fingerprint()) > 0);
        let could_go = Count::of(before.failures.iter().filter(counts));
        let speaks = |run: &CheckRun, tool: &str| run.failures.iter().any(|failure| failure.tool == tool);
        // A check may be several commands, of which the first that fails ends it: `black --check . && mypy`.
        let passed_now = could_go.0.values().any(|kind| !speaks(after, kind.tool));
        let gone = could_go.surplus(&new);
        let was_hidden = |kind: &Kind<'_>| {
            gone.iter().any(|gone| gone.hides(kind)) || passed_now && kind.tool != UNREAD && !speaks(before, kind.tool)
        };
        // What a narrowed run measures, such as coverage, means nothing.
        let counted = |kind: &&Kind<'_>| only.is_none() || kind.phase != Phase::Measure;
        let came: Vec<&Kind<'_>> = new.surplus(&old).into_iter().filter(counted).collect();
        Self { uncovered: !came.is_empty(), worse: came.iter().any(|kind| !was_hidden(kind)) }
    }
}

impl Kind<'_> {
    /// Whether a failure of this kind keeps `other` from being seen: an earlier phase does, and of a module that does
    /// not parse or import, only the first reason is told.
    fn hides(&self, other: &Kind<'_>) -> bool {
        let same_place = self.tool == other.tool && self.place == other.place && self.place.is_some();
        self.phase < other.phase || self.phase == other.phase && self.phase <= Phase::Import && same_place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, Check, Exit, Parsed, TestCounts};
    use std::time::Duration;

    fn failure(category: Category, message: &str) -> Failure {
        Failure { message: Some(message.into()), ..Failure::new(category, "tool") }
    }

    fn result(failures: &[Failure], run: u64, skipped: u64) -> ValidationResult {
        let exit = if failures.is_empty() { Exit::Code(0) } else { Exit::Code(1) };
        let counts = Some(TestCounts { run, failed: failures.len() as u64, skipped });
        let parsed = Parsed { failures: failures.to_vec(), counts, ..Parsed::default() };
        let check = Check { name: "check".into(), ..Check::default() };
        ValidationResult::new(vec![CheckRun::new(&check, "check", exit, parsed, Duration::ZERO)], "here")
    }

    #[test]
    fn each_verdict_has_its_case() {
        let [a, b] = ["a", "b"].map(|message| failure(Category::Test, message));
        let syntax = failure(Category::Syntax, "s");
        let both = [a.clone(), b.clone()];
        let verdict =
            |before: &[Failure], after: &[Failure]| Verdict::of(&result(before, 5, 0), &result(after, 5, 0), before);
        assert_eq!(verdict(&both, &[]), Verdict::Fixed);
        assert_eq!(verdict(&both, &both[..1]), Verdict::Partial);
        assert_eq!(verdict(&both, &both), Verdict::Unchanged);
        assert_eq!(verdict(&both[..1], &both[1..]), Verdict::Regressed);
        assert_eq!(verdict(std::slice::from_ref(&syntax), &both), Verdict::Advanced);
        assert_eq!(verdict(&both, &[syntax]), Verdict::Regressed);
    }

    #[test]
    fn what_an_earlier_command_of_the_check_hid_is_not_worse() {
        let of_tool = |tool: &str| [Failure { message: Some("m".into()), ..Failure::new(Category::Quality, tool) }];
        let (black, mypy) = (of_tool("black"), of_tool("mypy"));
        assert_eq!(Verdict::of(&result(&black, 0, 0), &result(&mypy, 0, 0), &black), Verdict::Advanced);
        let both = [black[0].clone(), mypy[0].clone()];
        assert_eq!(Verdict::of(&result(&black, 0, 0), &result(&both, 0, 0), &black), Verdict::Regressed);
    }

    #[test]
    fn of_a_module_that_does_not_import_only_the_first_reason_is_told() {
        let missing = |module: &str, test: &str| Failure {
            subject: Some(module.into()),
            test_id: Some(test.into()),
            ..Failure::new(Category::Import, "pytest")
        };
        let before = [missing("six", "test_a.py")];
        let verdict = |after: Failure| Verdict::of(&result(&before, 1, 0), &result(&[after], 1, 0), &before);
        assert_eq!(verdict(missing("yaml", "test_a.py")), Verdict::Advanced);
        assert_eq!(verdict(missing("yaml", "test_b.py")), Verdict::Regressed);
    }

    #[test]
    fn a_targeted_run_is_compared_with_its_targets_only() {
        let [a, b] = ["a", "b"].map(|message| failure(Category::Test, message));
        let mut after = result(&[], 1, 0);
        after.complete = false;
        let target = [a.clone()];
        assert_eq!(Verdict::of(&result(&[a, b], 5, 0), &after, &target), Verdict::Fixed);
    }

    #[test]
    fn the_same_finding_twice_counts_twice() {
        let twice = [failure(Category::Quality, "line too long"), failure(Category::Quality, "line too long")];
        let once = Verdict::of(&result(&twice, 0, 0), &result(&twice[..1], 0, 0), &twice);
        assert_eq!(once, Verdict::Partial);
    }

    #[test]
    fn fewer_tests_or_more_skips_are_worse() {
        let red = [failure(Category::Test, "a")];
        assert_eq!(Verdict::of(&result(&red, 5, 0), &result(&[], 4, 0), &red), Verdict::Regressed);
        assert_eq!(Verdict::of(&result(&red, 5, 0), &result(&[], 5, 1), &red), Verdict::Regressed);
        assert_eq!(Verdict::of(&result(&red, 5, 0), &result(&[], 9, 1), &red), Verdict::Fixed);
    }

    #[test]
    fn a_failed_check_that_says_nothing_is_not_green() {
        let check = Check { name: "check".into(), ..Check::default() };
        let run = CheckRun::new(&check, "check", Exit::TimedOut, Parsed::default(), Duration::ZERO);
        let after = ValidationResult::new(vec![run], "here");
        let red = [failure(Category::Test, "a")];
        assert_eq!(Verdict::of(&result(&red, 5, 0), &after, &red), Verdict::Regressed);
    }
}
