//! Makes one of what was reported several times.

use repair_core::{Category, Failure};
use std::collections::HashMap;

/// How much of a message is looked at first.
const HEAD: usize = 80;

/// What two failures have in common that may be the same.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Key {
    Test(Category, String),
    Finding(Category, String, Option<String>, Option<String>, Option<u32>, Option<u32>, String),
}

/// Collects failures in the order of the log.
#[derive(Debug, Default)]
pub(super) struct Merged {
    failures: Vec<Failure>,
    known: HashMap<Key, Vec<usize>>,
}

impl Merged {
    /// Adds a failure, or what it knows more to the one that is the same. Gives that one's index.
    pub(super) fn add(&mut self, failure: Failure) -> usize {
        let alike = self.known.entry(key(&failure)).or_default();
        let same =
            alike.iter().rev().find(|index| self.failures.get(**index).is_some_and(|known| agree(known, &failure)));
        if let Some(index) = same.copied() {
            if let Some(known) = self.failures.get_mut(index) {
                fill(known, failure);
            }
            return index;
        }
        let index = self.failures.len();
        alike.push(index);
        self.failures.push(failure);
        index
    }

    /// The failures.
    pub(super) fn finish(self) -> Vec<Failure> {
        self.failures
    }
}

fn key(failure: &Failure) -> Key {
    match &failure.test_id {
        Some(id) => Key::Test(failure.category, id.clone()),
        None => Key::Finding(
            failure.category,
            failure.tool.clone(),
            failure.code.clone(),
            failure.path.as_ref().map(ToString::to_string),
            failure.line,
            failure.column,
            plain(failure).chars().take(HEAD).collect(),
        ),
    }
}

/// A message as it reads on every system: Windows writes paths with another sign, and what is covered in total differs
/// from one job to the next.
fn plain(failure: &Failure) -> String {
    let message = failure.message.as_deref().unwrap_or_default();
    let message = match failure.category {
        Category::Coverage => message.split("Total coverage:").next().unwrap_or(message),
        _ => message,
    };
    message.replace('\\', "/")
}

/// Whether two failures with the same key are the same failure. Those of a test are if their exceptions are, or one
/// does not say; other ones if their messages are, or one is the other's beginning.
fn agree(one: &Failure, other: &Failure) -> bool {
    match (&one.code, &other.code) {
        _ if one.test_id.is_none() => {
            let (one, other) = (plain(one), plain(other));
            let cut = |text: &str| text.trim_end_matches(['.', '…', ' ']).to_owned();
            one.starts_with(&cut(&other)) || other.starts_with(&cut(&one))
        }
        (Some(one), Some(other)) => one == other,
        _ => true,
    }
}

fn fill(known: &mut Failure, other: Failure) {
    known.external = match (known.external.take(), other.external) {
        (Some(known), Some(_)) => Some(known),
        // Who knows less has no say; of two that know the same, the one without an excuse counts.
        (Some(external), None) if other.code.is_none() => Some(external),
        (None, Some(external)) if known.code.is_none() => Some(external),
        _ => None,
    };
    known.code = known.code.take().or(other.code);
    if known.path.is_none() {
        known.path = other.path;
        known.line = other.line;
        known.column = other.column;
    }
    known.line = known.line.or(other.line);
    known.message = known.message.take().or(other.message);
    known.subject = known.subject.take().or(other.subject);
    known.log_lines = known.log_lines.or(other.log_lines);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(id: &str, code: Option<&str>, message: Option<&str>) -> Failure {
        let mut failure = Failure::new(Category::Test, "pytest");
        failure.test_id = Some(id.to_owned());
        failure.code = code.map(str::to_owned);
        failure.message = message.map(str::to_owned);
        failure
    }

    fn merged(failures: impl IntoIterator<Item = Failure>) -> Vec<Failure> {
        let mut merged = Merged::default();
        failures.into_iter().for_each(|failure| _ = merged.add(failure));
        merged.finish()
    }

    #[test]
    fn the_same_test_in_two_jobs_is_one_failure_with_what_both_know() {
        let found =
            merged([test("a::b", None, Some("bad")), test("a::b", Some("ValueError"), None), test("a::c", None, None)]);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].code.as_deref(), found[0].message.as_deref()), (Some("ValueError"), Some("bad")));
    }

    #[test]
    fn one_test_may_fail_in_two_ways() {
        assert_eq!(merged([test("a::b", Some("ValueError"), None), test("a::b", Some("OSError"), None)]).len(), 2);
    }

    fn finding(message: &str) -> Failure {
        let mut failure = Failure::new(Category::TypeCheck, "mypy");
        failure.line = Some(3);
        failure.message = Some(message.to_owned());
        failure
    }

    #[test]
    fn long_messages_that_differ_at_the_end_are_two() {
        let long =
            |end: &str| finding(&format!("{} expected \"{end}\"", "an argument has an incompatible type; ".repeat(3)));
        assert_eq!(merged([long("str"), long("int"), long("str")]).len(), 2);
        let cut = finding(&format!("{}...", &long("str").message.unwrap()[..100]));
        assert_eq!(merged([long("str"), cut]).len(), 1);
    }

    #[test]
    fn the_same_finding_on_windows_is_one() {
        assert_eq!(merged([finding("Would reformat: a/b.py"), finding("Would reformat: a\\b.py")]).len(), 1);
    }

    #[test]
    fn one_bar_that_two_jobs_miss_is_one_failure() {
        let missed = |total: &str| {
            let mut failure = Failure::new(Category::Coverage, "pytest-cov");
            failure.message = Some(format!("Required test coverage of 60% not reached. Total coverage: {total}%"));
            failure
        };
        assert_eq!(merged([missed("36.52"), missed("36.60")]).len(), 1);
    }

    #[test]
    fn two_findings_on_one_line_are_two() {
        let at = |column| {
            let mut failure = Failure::new(Category::Quality, "flake8");
            failure.line = Some(3);
            failure.column = Some(column);
            failure
        };
        assert_eq!(merged([at(1), at(5), at(1)]).len(), 2);
    }
}
