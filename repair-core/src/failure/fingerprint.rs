//! The identity of a failure.

use super::Failure;
use crate::{Hash128, RepoPath};
use std::fmt;

impl Failure {
    /// The identity of the failure.
    ///
    /// Equal for the same failure on another machine, commit, line, Python patch version or moment.
    /// A test is known by its id and exception, anything else by its path and normalised message.
    pub fn fingerprint(&self) -> Fingerprint {
        let text = |part: &Option<String>| part.as_deref().unwrap_or_default().to_owned();
        let (place, message) = match &self.test_id {
            Some(id) => (id.clone(), String::new()),
            None => (self.path.as_ref().map(RepoPath::to_string).unwrap_or_default(), normalized(&text(&self.message))),
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

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// `message` without what differs between two runs: numbers, durations, addresses, digests, the folders of paths, white
/// space.
fn normalized(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !is_word(c)).unwrap_or(rest.len());
        if word > 0 {
            out.push_str(if varies(&rest[..word]) { "#" } else { &rest[..word] });
            rest = &rest[word..];
        } else if matches!(first, '/' | '\\') {
            out.truncate(out.trim_end_matches(|c| is_word(c) || matches!(c, '.' | '-' | '~' | '#')).len());
            rest = &rest[1..];
        } else {
            push_mark(&mut out, first);
            rest = &rest[first.len_utf8()..];
        }
    }
    out.trim_end().to_owned()
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn push_mark(out: &mut String, mark: char) {
    match mark {
        mark if mark.is_whitespace() => {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        }
        // `1.5` and `3.11.7` become one mark, so that a version's length does not matter.
        '.' if out.ends_with('#') => {}
        mark => out.push(mark),
    }
    if out.ends_with("##") {
        out.pop();
    }
}

/// Whether a word is a number (with a unit), an address or a digest.
fn varies(word: &str) -> bool {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    let unit = &word[digits..];
    let number = digits > 0
        && (unit.is_empty()
            || matches!(unit, "s" | "ms" | "us" | "ns" | "m" | "h" | "kB" | "MB" | "MiB" | "GiB" | "B"));
    let hex = |text: &str| text.chars().all(|c| c.is_ascii_hexdigit());
    number
        || word.strip_prefix("0x").is_some_and(hex)
        || word.len() >= 7 && hex(word) && word.contains(|c: char| c.is_ascii_digit())
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
    fn whose_fault_it_is_does_not_count() {
        let mut flaky = with_message("x");
        flaky.external = Some(External::new(ExternalKind::Flaky, "x"));
        assert_eq!(flaky.fingerprint(), with_message("x").fingerprint());
    }
}
