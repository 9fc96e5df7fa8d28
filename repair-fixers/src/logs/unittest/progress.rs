//! Lines of verbose output, one a test.

use super::failure::identity;

/// How a test ended.
const VERDICTS: [&str; 6] = ["ok", "FAIL", "ERROR", "skipped", "expected failure", "unexpected success"];

/// The test that begins, and what follows: `test_a (tests.test_m.TestC) ... ok`. With a docstring the line ends behind the
/// name.
pub(super) fn begun(line: &str) -> Option<(String, &str)> {
    let (name, rest) = line.split_once(" (")?;
    let (class, rest) = rest.split_once(')')?;
    let word = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_');
    let fits = word(name) && class.contains('.') && class.split('.').all(word);
    let rest = if rest.trim().is_empty() { "" } else { rest.strip_prefix(" ...")? };
    fits.then(|| (identity(&line[..name.len() + class.len() + 3]).0, rest.trim_start()))
}

/// The verdict that a line consists of, or that follows three dots at its end.
pub(super) fn verdict(line: &str) -> Option<&'static str> {
    let text = line.rsplit_once(" ... ").map_or(line, |(_, text)| text).trim();
    VERDICTS.into_iter().find(|verdict| {
        text.strip_prefix(verdict).is_some_and(|rest| rest.is_empty() || *verdict == "skipped" && rest.starts_with(' '))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_begin_with_their_names() {
        let id = "tests.test_m.TestC.test_a".to_owned();
        assert_eq!(begun("test_a (tests.test_m.TestC) ... ok"), Some((id.clone(), "ok")));
        assert_eq!(begun("test_a (tests.test_m.TestC.test_a) ... "), Some((id.clone(), "")));
        assert_eq!(begun("test_a (tests.test_m.TestC)"), Some((id, "")));
        for line in ["f (x)", "a test (of.it) ... ok", "test_a (in a.b)", "call (a.b) is not made"] {
            assert_eq!(begun(line), None, "{line}");
        }
    }

    #[test]
    fn verdicts_end_a_line() {
        assert_eq!(verdict("ok"), Some("ok"));
        assert_eq!(verdict("The docstring. ... unexpected success"), Some("unexpected success"));
        assert_eq!(verdict("skipped 'later'"), Some("skipped"));
        assert_eq!(verdict("ok computer"), None);
    }
}
