//! What is new between two runs of the same job.

use crate::{Failure, Fingerprint};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// How a failure relates to an earlier run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
pub enum State {
    /// It was not there before.
    New,
    /// The same test failed before, in another way.
    Changed,
    /// It was there before.
    Same,
    /// It was there before, and is no more.
    Gone,
}

impl State {
    /// Every state, the one that matters most first.
    pub const ALL: [State; 4] = [Self::New, Self::Changed, Self::Same, Self::Gone];

    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Gone => "gone",
        }
    }

    /// Whether the later run has something that the earlier one did not have.
    pub fn is_news(self) -> bool {
        matches!(self, Self::New | Self::Changed)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A failure of either run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compared {
    /// How it relates to the earlier run.
    pub state: State,
    /// The failure; of one that is gone, as it was.
    pub failure: Failure,
    /// What it was before, where the same test failed in another way.
    pub before: Option<Failure>,
}

/// The failures of the later run `after` in their order, then those of `before` that are gone.
///
/// Failures are the same if their fingerprints are, each of one run with at most one of the other: of two equal ones,
/// of which one was repaired, one is the same and one is gone. What is left is the same test, failing in another way,
/// if their ids are equal.
pub fn compare(before: &[Failure], after: &[Failure]) -> Vec<Compared> {
    let mut old: Vec<Option<&Failure>> = before.iter().map(Some).collect();
    let mut known: BTreeMap<Fingerprint, VecDeque<usize>> = BTreeMap::new();
    for (index, failure) in before.iter().enumerate() {
        known.entry(failure.fingerprint()).or_default().push_back(index);
    }
    let mut take = |failure: &Failure| known.get_mut(&failure.fingerprint())?.pop_front();
    let same: Vec<bool> =
        after.iter().map(|failure| take(failure).is_some_and(|at| old[at].take().is_some())).collect();
    let mut compared: Vec<Compared> =
        after.iter().zip(same).map(|(failure, same)| later(failure, same, &mut old)).collect();
    let gone = old.into_iter().flatten().cloned();
    compared.extend(gone.map(|failure| Compared { state: State::Gone, failure, before: None }));
    compared
}

/// A failure of the later run; `old` are those of the earlier one that are not accounted for yet.
fn later(failure: &Failure, same: bool, old: &mut [Option<&Failure>]) -> Compared {
    let failed_before = |old: &&mut Option<&Failure>| old.is_some_and(|old| old.test_id == failure.test_id);
    let before = match &failure.test_id {
        Some(_) if !same => old.iter_mut().find(failed_before).and_then(Option::take).cloned(),
        _ => None,
    };
    let state = match (same, &before) {
        (true, _) => State::Same,
        (false, Some(_)) => State::Changed,
        (false, None) => State::New,
    };
    Compared { state, failure: failure.clone(), before }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Category;

    fn finding(message: &str) -> Failure {
        Failure { message: Some(message.into()), line: Some(3), ..Failure::new(Category::Quality, "ruff") }
    }

    fn test(id: &str, code: &str) -> Failure {
        let (test_id, code) = (Some(id.into()), Some(code.into()));
        Failure { test_id, code, ..Failure::new(Category::Test, "pytest") }
    }

    fn states(before: &[Failure], after: &[Failure]) -> Vec<State> {
        compare(before, after).iter().map(|compared| compared.state).collect()
    }

    #[test]
    fn what_is_in_both_is_the_same_wherever_it_stands() {
        let moved = Failure { line: Some(99), ..finding("`os` unused") };
        assert_eq!(states(&[finding("`os` unused")], &[moved]), [State::Same]);
        assert_eq!(
            states(&[finding("a"), finding("b")], &[finding("b"), finding("c")]),
            [State::Same, State::New, State::Gone]
        );
    }

    #[test]
    fn equal_failures_are_counted() {
        let (one, two) = ([finding("a")], [finding("a"), finding("a")]);
        assert_eq!(states(&two, &one), [State::Same, State::Gone]);
        assert_eq!(states(&one, &two), [State::Same, State::New]);
        assert_eq!(states(&two, &two), [State::Same, State::Same]);
    }

    #[test]
    fn a_test_that_fails_in_another_way_has_changed_and_says_what_it_was() {
        let (old, new) = (test("a.py::t", "ValueError"), test("a.py::t", "KeyError"));
        let compared = compare(std::slice::from_ref(&old), std::slice::from_ref(&new));
        assert_eq!(compared, [Compared { state: State::Changed, failure: new.clone(), before: Some(old.clone()) }]);
        assert_eq!(states(std::slice::from_ref(&old), &[new, old.clone()]), [State::New, State::Same]);
        assert_eq!(states(&[finding("a")], &[finding("b")]), [State::New, State::Gone], "a finding is not a test");
    }

    #[test]
    fn nothing_to_compare_with_makes_all_new_or_gone() {
        assert_eq!(states(&[], &[finding("a")]), [State::New]);
        assert_eq!(states(&[finding("a")], &[]), [State::Gone]);
        assert!(State::ALL.iter().filter(|state| state.is_news()).count() == 2);
    }
}
