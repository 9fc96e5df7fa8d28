//! Linters that print `path:line:column: CODE message`, or `path:line: [CODE] message`.
//!
//! ruff (its short form, and the old full one), flake8, pycodestyle, doc8: the line does not say which. The command
//! does, or the habits of the tools.

use super::Reader;
use super::found::{Found, Place, finding, leading_code, located, of_file, quoted};
use super::section::Section;
use super::{custom, pylint};
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &[".py", ".ipynb:", ".rst:", ".txt:", ".md:", ".toml:"], read };

/// The linters that print this shape.
const TOOLS: &[&str] = &["ruff", "flake8", "pycodestyle", "doc8", "pydocstyle"];

/// Codes with which flake8 and old versions of ruff say that a file does not parse.
const SYNTAX_CODES: &[&str] = &["E999", "E901"];

/// With this in place of a code, ruff reports a file to be formatted. It is a failure of the file, without a code.
pub(super) const UNFORMATTED: &str = "unformatted";

fn read(section: &Section<'_>, found: &mut Found) {
    if !TOOLS.iter().any(|tool| section.ran.allows(tool)) {
        return;
    }
    let mut style = None;
    for (index, line) in section.lines() {
        let Some((place, rest)) = located(line) else { continue };
        let Some(report) = report(place, rest) else { continue };
        let style = *style.get_or_insert_with(|| Style::of(section));
        let tool = if is_ruff_annotation(line) { Some("ruff") } else { tool(section, &report, style) };
        if let Some(tool) = tool.filter(|tool| section.ran.allows(tool)) {
            found.at(section, index, report.failure(tool));
        }
    }
    if found.here().is_empty() {
        custom(section, found);
    }
    if found.here().is_empty() {
        quiet(section, found);
    }
}

/// Reports in a form that the project chose, which no tool prints by itself.
fn custom(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let Some((place, code, message)) = custom::report(line) else { continue };
        if pylint::is_code(code) {
            continue;
        }
        let report = Report { place, code, message, fixable: false };
        if let Some(tool) = tool(section, &report, Style::Other) {
            found.at(section, index, report.failure(tool));
        }
    }
}

/// `flake8 -q` prints the names of the files alone.
fn quiet(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines().filter(|_| section.ran.names("flake8")) {
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
    for prefix in ["unformatted: ", "[unformatted] "] {
        if let Some(message) = rest.strip_prefix(prefix) {
            return Some(Report { place, code: UNFORMATTED, message, fixable: false });
        }
    }
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
        if self.code == UNFORMATTED {
            return of_file(tool, self.place.path, self.message);
        }
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
        let habit = |line: &str| is_ruff_summary(line) || line.contains("fixable with ") || Self::is_ruff_wording(line);
        if section.any(habit) { Self::Ruff } else { Self::Other }
    }

    /// Whether a line words a rule as ruff does: with back-ticks, or with a capital where pycodestyle has none.
    fn is_ruff_wording(line: &str) -> bool {
        let Some(report) = located(line).and_then(|(place, rest)| report(place, rest)) else { return false };
        let theirs = report.code.starts_with(['E', 'W']) && report.code.len() == 4 && !report.is_syntax();
        let capital = report.message.starts_with(|c: char| c.is_ascii_uppercase()) && report.code != "E902";
        report.code.starts_with('F') && report.message.contains('`') || theirs && capital
    }
}

/// Whether a line is an annotation that ruff titled.
fn is_ruff_annotation(line: &str) -> bool {
    line.starts_with("::") && line.contains(" title=") && (line.contains("title=ruff (") || line.contains("title=Ruff"))
}

/// `Found 3 errors.`, with what was fixed in parentheses.
pub(super) fn is_ruff_summary(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("Found ") else { return false };
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    (rest.starts_with(" error") || rest.starts_with(" fixable error")) && rest.ends_with(['.', ')'])
        || rest.starts_with(" error") && rest.contains(" (") && rest.contains(" fixed")
}

/// The last line of `ruff format --check`.
fn is_format_summary(line: &str) -> bool {
    line.contains(" would be reformatted") || line.contains(": unformatted: ") || line.contains(": [unformatted] ")
}

/// The tool behind a report; `None` if no such tool ran.
fn tool(section: &Section<'_>, report: &Report<'_>, style: Style) -> Option<&'static str> {
    let mut named = TOOLS.iter().copied().filter(|tool| section.ran.names(tool));
    let only_ruffs = matches!(report.code, "invalid-syntax" | UNFORMATTED);
    let ruff = report.fixable || only_ruffs || style == Style::Ruff || report.message.contains('`');
    match (named.next(), named.next()) {
        (Some(tool), None) => Some(tool),
        (Some(_), Some(_)) if ruff && section.ran.names("ruff") => Some("ruff"),
        (Some("ruff"), Some(other)) => Some(other),
        (Some(tool), Some(_)) => Some(tool),
        _ if !section.ran.open => None,
        _ if report.code == "invalid-syntax" && style != Style::Ruff && !section.any(is_format_summary) => None,
        _ if ruff => Some("ruff"),
        _ if report.code.starts_with('D') && report.place.path.ends_with(".rst") => Some("doc8"),
        // What could not be read may have any name.
        _ => (is_source(report.place.path) || report.code == "E902").then_some("flake8"),
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
    fn what_could_not_be_read_may_have_any_name() {
        let log =
            "./bin/tool:0:1: E902 FileNotFoundError: [Errno 2] No such file\na.py:1:1: W391 blank line at end of file";
        let expected = [
            "quality flake8 E902 bin/tool:0:1 FileNotFoundError: [Errno 2] No such file",
            "quality flake8 W391 a.py:1:1 blank line at end of file",
        ];
        check(None, log, &expected);
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
    fn ruff_is_known_by_its_wording() {
        let pylint = "a.py:4: [E401] Multiple imports on one line\na.py:18: [F841] Local variable `x` is assigned to but never used";
        check(
            Some("make lint"),
            pylint,
            &[
                "quality ruff E401 a.py:4 Multiple imports on one line",
                "quality ruff F841 a.py:18 Local variable `x` is assigned to but never used <x>",
            ],
        );
        let titled = "::error title=Ruff (E401),file=/home/runner/work/s/s/a.py,line=4,col=1,endLine=4,endColumn=9::a.py:4:1: E401 multiple";
        check(Some("make lint"), titled, &["quality ruff E401 a.py:4:1 multiple"]);
    }

    #[test]
    fn files_to_format_are_failures_of_the_file() {
        for line in
            ["a.py:7:16: unformatted: File would be reformatted", "a.py:7: [unformatted] File would be reformatted"]
        {
            check(Some("ruff format --check"), line, &["quality ruff a.py File would be reformatted"]);
            check(Some("make lint"), line, &["quality ruff a.py File would be reformatted"]);
        }
    }

    #[test]
    fn forms_that_a_project_chose_are_read() {
        for line in [
            "shop/a.py|4|12|E401 multiple imports on one line",
            "shop/a.py::4,12::E401::multiple imports on one line",
            "::error file=shop/a.py,line=4,col=12::[flake8] E401: multiple imports on one line",
        ] {
            let expected = ["quality flake8 E401 shop/a.py:4:12 multiple imports on one line"];
            check(Some("flake8 --format=mine shop"), line, &expected);
            check(Some("make lint"), line, &expected);
            passes(Some("pytest"), line);
        }
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
