//! The identity of a failure.

use super::{Failure, normal};
use crate::hash::HashError;
use crate::{Hash128, RepoPath};
use std::fmt;
use std::str::FromStr;

impl Failure {
    /// The identity of the failure.
    ///
    /// Equal for the same failure on another machine, commit, line, Python patch version or moment.
    /// A test is known by its id and exception, anything else by its path and its message, without what differs from run
    /// to run: numbers, durations, addresses, digests, moments, temporary names, folders, the order of sets.
    pub fn fingerprint(&self) -> Fingerprint {
        let text = |part: &Option<String>| part.as_deref().unwrap_or_default().to_owned();
        let (place, message) = match &self.test_id {
            Some(id) => (normal::test_id(id), String::new()),
            None => {
                (self.path.as_ref().map(RepoPath::to_string).unwrap_or_default(), normal::message(&text(&self.message)))
            }
        };
        let parts =
            [self.category.name().to_owned(), self.tool.clone(), text(&self.code), text(&self.subject), place, message];
        Fingerprint(Hash128::of_parts(parts.iter().map(String::as_bytes)))
    }
}

/// The identity of a failure: 32 hexadecimal digits. See [`Failure::fingerprint`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct Fingerprint(Hash128);

impl FromStr for Fingerprint {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        text.parse().map(Self)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Category, External, ExternalKind};

    fn with_message(message: &str) -> Failure {
        Failure { message: Some(message.to_owned()), ..Failure::new(Category::Quality, "ruff") }
    }

    #[test]
    fn what_differs_between_runs_does_not_count() {
        let pairs = [
            ("took 0.35s at 0x7f3a", "took 12.1s at 0xdeadbeef"),
            ("No module named 'x' (/home/runner/work/a/a/src/x.py)", "No module named 'x' (/tmp/tmp1b/src/x.py)"),
            ("would reformat /home/runner/work/a/a/src/x.py", "would reformat src/x.py"),
            ("line too long (88 > 79 characters)", "line  too long (101 > 79 characters)"),
            ("python 3.11.7", "python 3.12.13.1"),
            ("at commit 0a1b2c3d4e", "at commit ffff000111"),
        ];
        for (one, other) in pairs {
            assert_eq!(with_message(one).fingerprint(), with_message(other).fingerprint(), "{one} / {other}");
        }
    }

    #[test]
    fn what_differs_between_failures_counts() {
        let pairs = [
            ("undefined name 'x1'", "undefined name 'x2'"),
            ("a/b missing", "a/c missing"),
            ("`os` unused", "`re` unused"),
        ];
        for (one, other) in pairs {
            assert_ne!(with_message(one).fingerprint(), with_message(other).fingerprint(), "{one} / {other}");
        }
        let black = Failure { tool: "black".into(), ..with_message("x") };
        assert_ne!(black.fingerprint(), with_message("x").fingerprint());
    }

    #[test]
    fn a_test_is_known_by_its_id() {
        let test = |message: &str, line| Failure {
            test_id: Some("tests/test_a.py::test_b".into()),
            message: Some(message.into()),
            line: Some(line),
            ..Failure::new(Category::Test, "pytest")
        };
        assert_eq!(test("assert 1 == 2", 3).fingerprint(), test("assert 1 == 2 + where …", 9).fingerprint());
    }

    #[test]
    fn a_fingerprint_is_read_as_it_is_shown() {
        let fingerprint = with_message("x").fingerprint();
        assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
        for bad in ["", "0a", "g0000000000000000000000000000000", "+f000000000000000000000000000000"] {
            assert_eq!(bad.parse::<Fingerprint>(), Err(HashError), "{bad}");
        }
    }

    #[test]
    fn whose_fault_it_is_does_not_count() {
        let mut flaky = with_message("x");
        flaky.external = Some(External::new(ExternalKind::Flaky, "x"));
        assert_eq!(flaky.fingerprint(), with_message("x").fingerprint());
    }
}
