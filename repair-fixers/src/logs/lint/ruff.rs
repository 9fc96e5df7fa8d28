//! ruff: the forms that no other tool prints.

use super::Reader;
use super::coded::{UNFORMATTED, is_ruff_summary, subject, without_exception};
use super::found::{
    Found, Place, Refine, annotation, failure, finding, leading_code, leading_number, located, of_file, plain, property,
};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};
use std::collections::HashSet;

pub(super) const READER: Reader = Reader {
    needles: &[
        "--> ",
        "Would reformat",
        "would be reformatted",
        "Failed to parse",
        "##vso[task.logissue",
        "name=\"org.ruff",
        "All checks passed!",
        "already formatted",
        "Would fix ",
        ".py:\n",
        "errors.",
        "error.",
        "\t[*] ",
        "\t[ ] ",
        "\t[-] ",
        "title=Ruff,",
        "ruff failed",
    ],
    read,
};

const TOOL: &str = "ruff";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let mut group = None;
    for (index, line) in section.lines() {
        match one(section, index, line, &mut group) {
            Some(failure) => found.at(section, index, failure),
            None => found.passed |= line == "All checks passed!" || line.ends_with(" already formatted"),
        }
    }
    from_diff(section, found);
    from_statistics(section, found);
    unparsed(section, found);
}

/// What a line reports. `group` is the file of the grouped form.
fn one<'a>(section: &Section<'a>, index: usize, line: &'a str, group: &mut Option<&'a str>) -> Option<Failure> {
    if let Some(place) = line.trim_start().strip_prefix("--> ") {
        return full(section.line(index.checked_sub(1)?), place);
    }
    if let Some(path) = line.strip_prefix("Would reformat: ") {
        return Some(of_file(TOOL, path, line));
    }
    if let Some(attributes) = line.strip_prefix("##vso[task.logissue ") {
        return azure(attributes);
    }
    if line.starts_with("::") {
        return old_annotation(line);
    }
    if line.trim_start().starts_with("<failure message=\"") {
        return (1..6).find_map(|back| junit(section.line(index.checked_sub(back)?), line));
    }
    if line.starts_with([' ', '\t']) {
        return group.and_then(|path| grouped(path, line.trim_start()));
    }
    *group = line.strip_suffix(':').filter(|path| path.contains('.') && !path.contains(' '));
    None
}

/// A report in two lines: `F401 [*] message`, then ` --> path:line:column`.
fn full(header: &str, place: &str) -> Option<Failure> {
    let (place, _) = located(place.trim_end())?;
    if let Some(message) = header.strip_prefix("unformatted: ") {
        return Some(of_file(TOOL, place.path, message));
    }
    let (code, message) = rule(header.trim_start())?;
    Some(diagnostic(&place, code, message))
}

/// Splits `F401 [*] message`, `invalid-syntax: message`, `unused-import: [*] message`.
fn rule(header: &str) -> Option<(&str, &str)> {
    let (code, message) = match leading_code(header) {
        Some((code, rest)) => (code, rest.strip_prefix(' ')?),
        None => header.split_once(": ").filter(|(name, _)| is_rule_name(name))?,
    };
    Some((code, message.strip_prefix("[*] ").unwrap_or(message)))
}

/// Whether a word is a rule's name, such as `invalid-syntax`; other tools begin the same form with their severity.
fn is_rule_name(name: &str) -> bool {
    name == "SyntaxError"
        || name == UNFORMATTED
        || name.contains('-') && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

fn diagnostic(place: &Place<'_>, code: &str, message: &str) -> Failure {
    if code == UNFORMATTED {
        return of_file(TOOL, place.path, message);
    }
    let syntax = matches!(code, "invalid-syntax" | "SyntaxError" | "syntax-error" | "E999");
    let code = if syntax && code != "E999" { "invalid-syntax" } else { code };
    let message = if syntax { without_exception(message) } else { message };
    let category = if syntax { Category::Syntax } else { Category::Quality };
    finding(category, TOOL, place, Some(code), message).with_subject(subject(code, message))
}

/// A line `  12:4  F401 [*] message` below `path:`.
fn grouped(path: &str, line: &str) -> Option<Failure> {
    let (number, rest) = leading_number(line)?;
    let (column, rest) = leading_number(rest.strip_prefix(':')?)?;
    let (code, message) = rule(rest.trim_start())?;
    let message = message.trim_start();
    Some(diagnostic(&Place { path, line: number, column: Some(column) }, code, message))
}

/// `type=error;sourcepath=a.py;linenumber=1;columnnumber=2;code=F401;]message`.
fn azure(attributes: &str) -> Option<Failure> {
    let (attributes, message) = attributes.split_once(']')?;
    let number = |name| property(attributes, name, ';').and_then(|number| number.parse().ok());
    let path = property(attributes, "sourcepath", ';')?;
    let place = Place { path, line: number("linenumber")?, column: number("columnnumber") };
    let code = property(attributes, "code", ';').filter(|code| !code.is_empty()).unwrap_or("invalid-syntax");
    let known = leading_code(code).is_some() || matches!(code, "invalid-syntax" | UNFORMATTED);
    known.then(|| diagnostic(&place, code, message))
}

/// `::notice title=Ruff,file=a.py,line=1,col=8,endLine=1,endColumn=10::(F401) message` of the first versions.
fn old_annotation(line: &str) -> Option<Failure> {
    let annotation = annotation(line).filter(|annotation| annotation.title == "Ruff")?;
    let (code, message) = annotation.message.strip_prefix('(')?.split_once(") ")?;
    Some(diagnostic(&annotation.place, code, message))
}

/// A test case of the JUnit form, whose failure stands in a later line.
fn junit(case: &str, line: &str) -> Option<Failure> {
    let attribute = |text: &str, name: &str| Some(text.split_once(name)?.1.split('"').next()?.to_owned());
    let name = attribute(case, "name=\"org.ruff")?;
    let number = |name| attribute(case, name).and_then(|number| number.parse().ok());
    let path = format!("{}.py", attribute(case, "classname=\"")?);
    let message = plain(&attribute(line, "message=\"")?);
    let place = Place { path: &path, line: number(" line=\"")?, column: number(" column=\"") };
    Some(diagnostic(&place, name.strip_prefix('.').unwrap_or("invalid-syntax"), &message))
}

/// `ruff format --diff` and `ruff check --diff` name files in the heads of the diff only.
fn from_diff(section: &Section<'_>, found: &mut Found) {
    let summary = |line: &str| {
        line.starts_with(|c: char| c.is_ascii_digit()) && line.contains(" would be reformatted")
            || line.starts_with("Would fix ")
    };
    let Some((_, message)) = section.lines().find(|(_, line)| summary(line)) else { return };
    let black = |line: &str| line.starts_with("would reformat ") || line.contains(" would be left unchanged");
    if found.has(TOOL) || section.any(black) {
        return;
    }
    for (index, line) in section.lines() {
        let path = line.strip_prefix("--- ").filter(|_| section.line(index + 1).starts_with("+++ "));
        if let Some(path) = path {
            found.at(section, index, of_file(TOOL, path.split('\t').next().unwrap_or(path), message));
        }
    }
}

/// `ruff check --statistics` prints a line per rule and no place.
fn from_statistics(section: &Section<'_>, found: &mut Found) {
    if found.has(TOOL) || !section.ran.names(TOOL) && !section.any(is_ruff_summary) {
        return;
    }
    for (index, line) in section.lines() {
        if let Some(failure) = statistic(line) {
            found.at(section, index, failure);
        }
    }
}

/// `3\tF401\t[*] unused-import`; source that does not parse has no code.
fn statistic(line: &str) -> Option<Failure> {
    let mut fields = line.split('\t');
    fields.next()?.trim().parse::<u32>().ok()?;
    let (code, message) = (fields.next()?.trim(), fields.next()?);
    let message = message.trim_start_matches(['[', '*', ']', ' ', '-']);
    if message == "invalid-syntax" || message == "syntax-error" {
        return Some(failure(Category::Syntax, TOOL, message).with_code(Some("invalid-syntax".to_owned())));
    }
    leading_code(code).map(|_| failure(Category::Quality, TOOL, message).with_code(Some(code.to_owned())))
}

/// `error: Failed to parse a.py:1:17: message`, where the same is not reported as a diagnostic.
fn unparsed(section: &Section<'_>, found: &mut Found) {
    let syntax = found.here().iter().filter(|failure| failure.category == Category::Syntax);
    let mut known: HashSet<_> = syntax.filter_map(|failure| failure.path.clone()).collect();
    for (index, line) in section.lines() {
        let line = line.strip_prefix("error: ").unwrap_or(line);
        let failure = line.strip_prefix("Failed to parse ").map(unparsed_place);
        if let Some(failure) = failure
            && let Some(path) = &failure.path
            && matches!(path.extension(), Some("py" | "pyi" | "ipynb"))
            && known.insert(path.clone())
        {
            found.at(section, index, failure);
        }
    }
}

fn unparsed_place(text: &str) -> Failure {
    if let Some((place, message)) = located(text) {
        return finding(Category::Syntax, TOOL, &place, None, message.trim_start_matches([':', ' ']));
    }
    let (path, message) = text.split_once(": ").unwrap_or((text, ""));
    let line = message.split_once(" at line ").and_then(|(_, rest)| leading_number(rest)).map(|(line, _)| line);
    failure(Category::Syntax, TOOL, message).with_path(repo_path(path)).with_line(line)
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    #[test]
    fn the_full_form_is_read() {
        let log = "F401 [*] `sys` imported but unused\n --> shop/cart.py:1:8\n  |\n1 | import sys\n  |        ^^^\nhelp: Remove unused import\n\ninvalid-syntax: Expected an expression\n  --> shop/bad.py:12:15\n\nFound 2 errors.";
        let expected = [
            "quality ruff F401 shop/cart.py:1:8 `sys` imported but unused <sys>",
            "syntax ruff invalid-syntax shop/bad.py:12:15 Expected an expression",
        ];
        check(None, log, &expected);
        check(Some("hatch fmt --check"), log, &expected);
        passes(Some("pytest -q"), log);
    }

    #[test]
    fn other_tools_with_arrows_are_not_ruff() {
        passes(None, "error[E0425]: cannot find value\n --> src/lib.rs:1:8");
        passes(None, "warning: unused import\n --> src/lib.rs:1:8");
    }

    #[test]
    fn the_grouped_form_is_read() {
        let log = "shop/cart.py:\n  1:8   F401 [*] `sys` imported but unused\n  9:1 invalid-syntax: Expected `:`\n\nFound 2 errors.";
        check(
            Some("ruff check . --output-format grouped"),
            log,
            &[
                "quality ruff F401 shop/cart.py:1:8 `sys` imported but unused <sys>",
                "syntax ruff invalid-syntax shop/cart.py:9:1 Expected `:`",
            ],
        );
    }

    #[test]
    fn forms_for_machines_are_read() {
        let azure = "##vso[task.logissue type=error;sourcepath=a.py;linenumber=1;columnnumber=8;code=F401;]`sys` imported but unused";
        let junit = "<testcase name=\"org.ruff.F401\" classname=\"a\" line=\"1\" column=\"8\">\n  <properties/>\n  <failure message=\"`sys` imported but unused\">line 1</failure>";
        for log in [azure, junit] {
            check(Some("ruff check"), log, &["quality ruff F401 a.py:1:8 `sys` imported but unused <sys>"]);
        }
    }

    #[test]
    fn files_to_format_are_one_failure_each() {
        let log = "error: Failed to parse c.py:1:17: Expected ':', found newline\nWould reformat: a.py\nWould reformat: b/c.py\n2 files would be reformatted, 1 file already formatted";
        check(
            Some("ruff format --check ."),
            log,
            &[
                "syntax ruff c.py:1:17 Expected ':', found newline",
                "quality ruff a.py Would reformat: a.py",
                "quality ruff b/c.py Would reformat: b/c.py",
            ],
        );
        let new = "unformatted: File would be reformatted\n --> a.py:2:1\n  |\n1 file would be reformatted";
        check(Some("ruff format --check"), new, &["quality ruff a.py File would be reformatted"]);
        let diff = "--- a.py\n+++ a.py\n@@ -1 +1 @@\n-x\n+y\n\n1 file would be reformatted, 1 file already formatted";
        check(
            Some("ruff format --diff"),
            diff,
            &["quality ruff a.py 1 file would be reformatted, 1 file already formatted"],
        );
    }

    #[test]
    fn a_file_that_was_reported_is_not_reported_as_unparsed_again() {
        let log = "error: Failed to parse a.py:1:17: Unexpected token Newline\na.py:1:17: E999 SyntaxError: Unexpected token Newline\nFound 1 error.";
        check(Some("ruff ."), log, &["syntax ruff E999 a.py:1:17 Unexpected token Newline"]);
        let old = "error: Failed to parse a.py: invalid syntax. Got unexpected token Newline at line 3 column 17";
        check(
            Some("ruff ."),
            old,
            &["syntax ruff a.py:3 invalid syntax. Got unexpected token Newline at line 3 column 17"],
        );
    }

    #[test]
    fn other_things_fail_to_parse_as_well() {
        passes(None, "Failed to parse and upload reports: Unable to locate credentials");
    }

    #[test]
    fn statistics_count_only_where_nothing_else_is_said() {
        let log = "7\tF401\t[*] unused-import\n1\tF821\t[ ] undefined-name\n";
        check(
            Some("ruff check --statistics"),
            log,
            &["quality ruff F401 unused-import", "quality ruff F821 undefined-name"],
        );
        passes(None, log);
    }

    #[test]
    fn all_is_well() {
        assert!(parse(Some("ruff check"), "All checks passed!").passed);
        assert!(parse(Some("ruff format --check"), "3 files already formatted").passed);
    }
}
