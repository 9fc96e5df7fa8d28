//! Linters that print `path:line:column: CODE message`, or `path:line: [CODE] message`.
//!
//! ruff (its short form, and the old full one), flake8, pycodestyle, doc8: the line does not say which. The command
//! does, or the habits of the tools.

use super::Reader;
use super::found::{Found, Place, finding, leading_code, located, of_file, quoted};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &[".py", ".ipynb:", ".rst:", ".txt:", ".md:", ".toml:"], read };

/// The linters that print this shape.
const TOOLS: &[&str] = &["ruff", "flake8", "pycodestyle", "doc8", "pydocstyle"];

/// Codes with which flake8 and old versions of ruff say that a file does not parse.
const SYNTAX_CODES: &[&str] = &["E999", "E901"];

fn read(section: &Section<'_>, found: &mut Found) {
    let mut style = None;
    for (index, line) in section.lines() {
        let Some((place, rest)) = located(line) else { continue };
        let Some(report) = report(place, rest) else { continue };
        let tool = tool(section, &report, *style.get_or_insert_with(|| Style::of(section)));
        if let Some(tool) = tool {
            found.at(section, index, report.failure(tool));
        }
    }
    if section.ran.names("flake8") && found.here().is_empty() {
        quiet(section, found);
    }
}

/// `flake8 -q` prints the names of the files alone.
fn quiet(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        if is_source(line) && !line.contains([' ', ':', '=']) {
            found.at(section, index, of_file("flake8", line, line));
        }
    }
}

/// What a line reports.
struct Report<'a> {
    place: Place<'a>,
    code: &'a str,
    message: &'a str,
    fixable: bool,
}

/// Reads what follows the place.
fn report<'a>(place: Place<'a>, rest: &'a str) -> Option<Report<'a>> {
    let rest = rest.strip_prefix(':')?.trim_start();
    for prefix in ["invalid-syntax: ", "[invalid-syntax] ", "SyntaxError: "] {
        if let Some(message) = rest.strip_prefix(prefix) {
            return Some(Report { place, code: "invalid-syntax", message, fixable: false });
        }
    }
    let bracketed = rest.strip_prefix('[');
    let (code, rest) = leading_code(bracketed.unwrap_or(rest))?;
    let rest = if bracketed.is_some() { rest.strip_prefix(']')? } else { rest };
    let rest = rest.strip_prefix(' ')?;
    let (fixable, message) = rest.strip_prefix("[*] ").map_or((false, rest), |message| (true, message));
    Some(Report { place, code, message, fixable })
}

impl Report<'_> {
    fn failure(&self, tool: &str) -> Failure {
        let category = if self.is_syntax() { Category::Syntax } else { category(tool) };
        let message = if self.is_syntax() { without_exception(self.message) } else { self.message };
        let mut failure = finding(category, tool, &self.place, Some(self.code), message);
        failure.subject = subject(self.code, message);
        failure
    }

    fn is_syntax(&self) -> bool {
        let token_error = self.code == "E902" && self.message.contains("TokenError");
        self.code == "invalid-syntax" || SYNTAX_CODES.contains(&self.code) || token_error
    }
}

fn category(tool: &str) -> Category {
    if tool == "doc8" { Category::Documentation } else { Category::Quality }
}

/// `invalid syntax` of `SyntaxError: invalid syntax`.
pub(super) fn without_exception(message: &str) -> &str {
    match message.split_once(": ") {
        Some((class, text)) if class.ends_with("Error") && !class.contains(' ') => text,
        _ => message,
    }
}

/// The name that a rule of pyflakes is about.
pub(super) fn subject(code: &str, message: &str) -> Option<String> {
    let name = match code {
        "F401" | "F811" | "F821" | "F822" | "F841" | "F403" | "F405" | "UP035" | "UP006" => quoted(message)?,
        _ => return None,
    };
    Some(name.to_owned())
}

/// Which tool's habits a section shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Ruff,
    Other,
}

impl Style {
    fn of(section: &Section<'_>) -> Self {
        let summary = |line: &str| is_ruff_summary(line) || line.contains("fixable with ");
        if section.any(summary) { Self::Ruff } else { Self::Other }
    }
}

/// `Found 3 errors.`, with what was fixed in parentheses.
pub(super) fn is_ruff_summary(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("Found ") else { return false };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.starts_with(" error") || rest.starts_with(" fixable error")) && rest.ends_with(['.', ')'])
        || rest.starts_with(" error") && rest.contains(" (") && rest.contains(" fixed")
}

/// The tool behind a report; `None` if no such tool ran.
fn tool(section: &Section<'_>, report: &Report<'_>, style: Style) -> Option<&'static str> {
    let mut named = TOOLS.iter().copied().filter(|tool| section.ran.names(tool));
    let ruff =
        report.fixable || report.code == "invalid-syntax" || style == Style::Ruff || report.message.contains('`');
    match (named.next(), named.next()) {
        (Some(tool), None) => Some(tool),
        (Some(_), Some(_)) if ruff && section.ran.names("ruff") => Some("ruff"),
        (Some("ruff"), Some(other)) => Some(other),
        (Some(tool), Some(_)) => Some(tool),
        _ if !section.ran.open => None,
        _ if report.code == "invalid-syntax" && style != Style::Ruff => None,
        _ if ruff => Some("ruff"),
        _ if report.code.starts_with('D') && report.place.path.ends_with(".rst") => Some("doc8"),
        _ => is_source(report.place.path).then_some("flake8"),
    }
}

fn is_source(path: &str) -> bool {
    [".py", ".pyi", ".pyx", ".ipynb"].iter().any(|extension| path.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn flake8_is_read() {
        let log = "./shop/cart.py:3:1: F401 'os.path' imported but unused\nimport os\n^\n./shop/cart.py:9:80: E501 line too long (88 > 79 characters)\n1     F401 'os.path' imported but unused\n2\n";
        check(
            Some("flake8 . --count"),
            log,
            &[
                "quality flake8 F401 shop/cart.py:3:1 'os.path' imported but unused <os.path>",
                "quality flake8 E501 shop/cart.py:9:80 line too long (88 > 79 characters)",
            ],
        );
        check(
            Some("flake8"),
            "a.py:2: [W191] indentation contains tabs",
            &["quality flake8 W191 a.py:2 indentation contains tabs"],
        );
    }

    #[test]
    fn a_file_that_does_not_parse_is_a_syntax_failure() {
        check(
            Some("flake8"),
            "a.py:1:18: E999 SyntaxError: expected ':'",
            &["syntax flake8 E999 a.py:1:18 expected ':'"],
        );
        check(
            Some("ruff check ."),
            "a.py:1:17: invalid-syntax: Expected `:`, found newline\nFound 1 error.",
            &["syntax ruff invalid-syntax a.py:1:17 Expected `:`, found newline"],
        );
        check(
            Some("ruff check ."),
            "a.py:1:17: SyntaxError: Expected ':', found newline\nFound 1 error.",
            &["syntax ruff invalid-syntax a.py:1:17 Expected ':', found newline"],
        );
    }

    #[test]
    fn ruff_is_known_by_its_habits() {
        let log = "shop/cart.py:1:8: F401 [*] `sys` imported but unused\nshop/cart.py:4:1: E722 Do not use bare `except`\nFound 2 errors.\n[*] 1 fixable with the `--fix` option.";
        let expected = [
            "quality ruff F401 shop/cart.py:1:8 `sys` imported but unused <sys>",
            "quality ruff E722 shop/cart.py:4:1 Do not use bare `except`",
        ];
        check(None, log, &expected);
        check(Some("make lint"), log, &expected);
        check(Some("ruff check . && flake8"), log, &expected);
        passes(Some("pytest"), log);
    }

    #[test]
    fn annotations_are_read_once() {
        let log = "::error title=ruff (E401),file=/home/runner/work/s/s/a.py,line=1,col=1,endLine=1,endColumn=20::a.py:1:1: E401 Multiple imports on one line%0A  help: Split imports\n##[error]a.py:1:1: E401 Multiple imports on one line\n  help: Split imports";
        check(
            Some("ruff check --output-format=github"),
            log,
            &["quality ruff E401 a.py:1:1 Multiple imports on one line"],
        );
    }

    #[test]
    fn quiet_output_names_files() {
        check(
            Some("flake8 -q ."),
            "./a.py\n./b/c.py",
            &["quality flake8 a.py ./a.py", "quality flake8 b/c.py ./b/c.py"],
        );
        passes(Some("make"), "./a.py");
    }

    #[test]
    fn the_command_decides_between_likes() {
        check(
            Some("pep8 src"),
            "a.py:5:1: E303 too many blank lines (3)",
            &["quality pycodestyle E303 a.py:5:1 too many blank lines (3)"],
        );
        check(
            Some("doc8 docs"),
            "docs/a.rst:11: D000 Bullet list ends",
            &["documentation doc8 D000 docs/a.rst:11 Bullet list ends"],
        );
        passes(Some("python -m pytest"), "a.py:5:1: E303 too many blank lines (3)");
        passes(Some("pip install flake8"), "a.py:5:1: E303 too many blank lines (3)");
    }
}
