//! Reports in forms that a project chose with `--format`: a path, a line, perhaps a column, a code and a text.

use super::found::{Place, leading_code, leading_number, located};

/// What may stand between the parts.
const SEPARATORS: &[char] =
    &[':', '|', ',', ';', '(', ')', '[', ']', '{', '}', '<', '>', '=', '-', ' ', '\t', '"', '\''];

/// Words that name the parts.
const NAMES: &[&str] =
    &["line", "row", "col", "column", "code", "title", "flake8", "pycodestyle", "pylint", "error", "warning"];

/// Splits a line such as `a.py|4|12|E401 message` or `::error file=a.py,line=4,col=12::[flake8] E401: message`.
///
/// Lines in which spaces alone follow the path are prose, and `path:line:column: CODE` is the form of the tools.
pub(super) fn report(line: &str) -> Option<(Place<'_>, &str, &str)> {
    let usual = || located(line).is_some_and(|(place, _)| !place.path.ends_with(':')) && !line.starts_with("::");
    if line.len() > 1000 || line.starts_with([' ', '\t']) || usual() {
        return None;
    }
    let end = line.find(".py")? + 3;
    let start = line[..end].rfind(|c: char| SEPARATORS.contains(&c) && c != '-').map_or(0, |at| at + 1);
    let path = &line[start..end];
    let rest = &line[end..];
    if !rest.starts_with(['|', ':', ',', ';', '(', '[', '"', '\'', '\t']) {
        return None;
    }
    let (number, rest) = leading_number(between(rest))?;
    let (column, rest) = leading_number(between(rest)).map_or((None, rest), |(column, rest)| (Some(column), rest));
    let (code, message) = leading_code(between(rest))?;
    let message = message.strip_prefix([':', ' ', '|', ',', ']', ')', ';', '\t'])?.trim_start_matches(SEPARATORS);
    let digits = code.bytes().filter(u8::is_ascii_digit).count();
    let plausible = path.len() > 3 && (3..=4).contains(&digits) && !message.is_empty();
    plausible.then_some((Place { path, line: number, column }, code, message))
}

/// The text behind separators and the names of parts.
fn between(text: &str) -> &str {
    let mut rest = text.trim_start_matches(SEPARATORS);
    let named = |text: &str| {
        NAMES
            .iter()
            .find_map(|name| text.strip_prefix(name).filter(|after| after.starts_with(SEPARATORS)).map(str::len))
    };
    while let Some(left) = named(rest) {
        rest = rest[rest.len() - left..].trim_start_matches(SEPARATORS);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_found_behind_any_separator() {
        for (line, place, column) in [
            ("a/b.py|4|12|E401 some text", "a/b.py:4", Some(12)),
            ("a/b.py::4,12::E401::some text", "a/b.py:4", Some(12)),
            ("::error file=a/b.py,line=4,col=12::[flake8] E401: some text", "a/b.py:4", Some(12)),
            ("a/b.py(4): E401 some text", "a/b.py:4", None),
            ("a/b.py, 4: E401 some text", "a/b.py:4", None),
            ("a/b.py, line 4, column 12: E401 some text", "a/b.py:4", Some(12)),
        ] {
            let (found, code, message) = report(line).unwrap();
            assert_eq!((format!("{}:{}", found.path, found.line), found.column), (place.to_owned(), column), "{line}");
            assert_eq!((code, message), ("E401", "some text"), "{line}");
        }
    }

    #[test]
    fn prose_is_no_report() {
        for line in [
            "a.py 4 E401 some text",
            "a.py: 3 passed",
            "a.py:4:12: E401 some text",
            "  a.py|4|E401 x",
            "a.pyc:4:E401 x",
            "tests/a.py::test_x PASSED",
            "a.py:4: E4 x",
            ".py|4|E401 x",
        ] {
            assert_eq!(report(line), None, "{line}");
        }
    }
}
