//! pyright and basedpyright: `path:line:column - error: message (rule)`.

use super::Reader;
use super::found::{Found, Place, Refine, finding, leading_number, located, quoted};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &[" - error: ", " - error ", "0 errors, "], read };

fn read(section: &Section<'_>, found: &mut Found) {
    let Some(tool) = tool(section) else { return };
    let mut open: Option<(usize, usize, Failure)> = None;
    let mut file = "";
    for (index, line) in section.lines() {
        if line.starts_with('/') && line.ends_with(".py") {
            file = line;
        }
        if let Some((_, last, failure)) = &mut open
            && failure.code.is_none()
            && continues(line)
        {
            *last = index;
            failure.code = rule(line).1.map(str::to_owned);
            continue;
        }
        if let Some((first, last, failure)) = open.take() {
            found.add(section, first, last, failure);
        }
        let failure = report(tool, line).or_else(|| below_file(tool, file, line));
        open = failure.map(|failure| (index, index, failure));
        found.passed |= line.starts_with("0 errors, ") && line.contains(" warning");
    }
    if let Some((first, last, failure)) = open {
        found.add(section, first, last, failure);
    }
}

/// Whether a line goes on with the message above: it is indented, often with spaces that do not break, and is no
/// report of its own.
fn continues(line: &str) -> bool {
    line.starts_with(char::is_whitespace) && located(line.trim_start()).is_none() && place_below_file(line).is_none()
}

/// `  12:16 - error: message (rule)` of the first versions, below the path of the file.
fn below_file(tool: &str, file: &str, line: &str) -> Option<Failure> {
    let (number, column, rest) = place_below_file(line).filter(|_| !file.is_empty())?;
    let (message, code) = rule(rest.strip_prefix(" - error: ")?);
    Some(error(tool, &Place { path: file, line: number, column: Some(column) }, code, message))
}

/// The line and column that a line begins with, and what follows.
fn place_below_file(line: &str) -> Option<(u32, u32, &str)> {
    let (number, rest) = leading_number(line.strip_prefix("  ")?)?;
    let (column, rest) = leading_number(rest.strip_prefix(':')?)?;
    rest.starts_with(" - ").then_some((number, column, rest))
}

/// Which of the two ran: only the derivative counts "notes".
fn tool(section: &Section<'_>) -> Option<&'static str> {
    if section.ran.names("pyright") {
        return Some("pyright");
    }
    let derivative = || section.any(|line| line.contains(" errors, ") && line.ends_with(" notes"));
    if section.ran.names("basedpyright") || section.ran.open && derivative() {
        return Some("basedpyright");
    }
    section.ran.open.then_some("pyright")
}

fn report(tool: &str, line: &str) -> Option<Failure> {
    let (place, rest) = located(line.trim_start())?;
    let text =
        rest.strip_prefix(" - error: ").or_else(|| rest.strip_prefix(": error: ").filter(|_| line.ends_with(')')))?;
    let (message, code) = rule(text);
    // Behind a single colon the form is also that of other tools, which print no such rule.
    if !rest.starts_with(" - ") && !code.is_some_and(|code| code.starts_with("report")) {
        return None;
    }
    Some(error(tool, &place, code, message))
}

/// What its parser says, which has no rule.
const SYNTAX: &[&str] = &[
    "Expected ",
    "Unindent not expected",
    "Unindent amount does not match",
    "Unexpected indentation",
    "String literal is unterminated",
    "Invalid character",
    "Invalid expression",
    "Inconsistent use of tabs",
    "\"(\" was not closed",
    "\"[\" was not closed",
    "\"{\" was not closed",
];

pub(super) fn error(tool: &str, place: &Place<'_>, code: Option<&str>, message: &str) -> Failure {
    let subject =
        matches!(code, Some("reportMissingImports" | "reportUndefinedVariable" | "reportMissingModuleSource"))
            .then(|| quoted(message).map(str::to_owned))
            .flatten();
    let unparsed = code.is_none() && SYNTAX.iter().any(|start| message.starts_with(start));
    let category = if unparsed { Category::Syntax } else { Category::TypeCheck };
    finding(category, tool, place, code, message).with_subject(subject)
}

/// Splits `message (reportX)`.
fn rule(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    match text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        Some((message, code))
            if code.starts_with("report") && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
        {
            (message.trim_end(), Some(code))
        }
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    const LOG: &str = "/home/runner/work/bank/bank/a.py\n  /home/runner/work/bank/bank/a.py:3:8 - error: Import \"foo\" could not be resolved (reportMissingImports)\n  /home/runner/work/bank/bank/a.py:7:12 - error: Type \"int | None\" is not assignable to return type \"int\"\n  \u{a0}\u{a0}Type \"int | None\" is not assignable to type \"int\"\n      \"None\" is not assignable to \"int\" (reportReturnType)\n  /home/runner/work/bank/bank/a.py:9:1 - warning: \"x\" is not accessed (reportUnusedVariable)\n  /home/runner/work/bank/bank/a.py:11:2 - error: Expected \":\"\n";

    fn expected(tool: &str) -> Vec<String> {
        vec![
            format!("type_check {tool} reportMissingImports a.py:3:8 Import \"foo\" could not be resolved <foo>"),
            format!(
                "type_check {tool} reportReturnType a.py:7:12 Type \"int | None\" is not assignable to return type \"int\""
            ),
            format!("syntax {tool} a.py:11:2 Expected \":\""),
        ]
    }

    #[test]
    fn errors_and_their_rules_are_read() {
        for (command, end, tool) in [
            (Some("pyright"), "3 errors, 1 warning, 0 informations", "pyright"),
            (Some("basedpyright src"), "3 errors, 1 warning, 0 notes", "basedpyright"),
            (None, "3 errors, 1 warning, 0 notes", "basedpyright"),
        ] {
            let expected = expected(tool);
            check(command, &format!("{LOG}{end}"), &expected.iter().map(String::as_str).collect::<Vec<_>>());
        }
        passes(Some("pytest"), LOG);
    }

    #[test]
    fn the_first_versions_name_the_file_once() {
        let log = "/home/runner/work/bank/bank/a.py\n  1:8 - error: Import \"foo\" could not be resolved (reportMissingImports)\n  7:12 - error: Expression of type \"str\" cannot be assigned\n    \"str\" is incompatible with \"int\"\n  9:1 - warning: x\n2 errors, 1 warning";
        let expected = [
            "type_check pyright reportMissingImports a.py:1:8 Import \"foo\" could not be resolved <foo>",
            "type_check pyright a.py:7:12 Expression of type \"str\" cannot be assigned",
        ];
        check(Some("pyright"), log, &expected);
        check(None, log, &expected);
    }

    #[test]
    fn no_errors_pass() {
        assert!(parse(Some("pyright"), "0 errors, 0 warnings, 0 informations").passed);
    }
}
