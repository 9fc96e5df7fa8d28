//! black: files it would reformat, files it cannot parse.

use super::Reader;
use super::found::{Found, Refine, failure, leading_number, located, of_file};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "would reformat ",
        " would be left unchanged",
        "cannot format ",
        "error: cannot parse: ",
        "reformatted ",
        "All done! ",
    ],
    read,
};

const TOOL: &str = "black";

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    let hook = section.hook.is_some() && section.failed && section.any(|line| line.contains("All done! "));
    for (index, line) in section.lines() {
        if let Some(failure) = report(line, hook) {
            found.at(section, index, failure);
        }
        found.passed |= line.starts_with("All done! ");
    }
    if !found.has(TOOL) && section.any(|line| line.contains(" would be left unchanged")) {
        diffs(section, found);
    }
}

/// The heads of `--diff`, `--- path<tab>date`, where the lines that name the files are missing.
fn diffs(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let Some(rest) = line.strip_prefix("--- ").filter(|_| section.line(index + 1).starts_with("+++ ")) else {
            continue;
        };
        let path = rest.split(['\t', ' ']).next().unwrap_or(rest);
        if is_path(path) && rest[path.len()..].trim_start().starts_with(|c: char| c.is_ascii_digit()) {
            found.at(section, index, of_file(TOOL, path, &format!("would reformat {path}")));
        }
    }
}

/// What a line reports; `hook` if black has changed the files instead of complaining.
fn report(line: &str, hook: bool) -> Option<Failure> {
    if let Some(path) = line.strip_prefix("would reformat ") {
        return is_path(path).then(|| of_file(TOOL, path, line));
    }
    if let Some(rest) = line.strip_prefix("error: cannot format ") {
        let (path, message) = rest.split_once(": ")?;
        return Some(unformattable(path, message));
    }
    if let Some(place) = line.strip_prefix("error: cannot parse: ") {
        let (place, _) = located(place)?;
        return Some(syntax(place.path, Some(place.line), place.column, line.strip_prefix("error: ")?));
    }
    let path = line.strip_prefix("reformatted ").filter(|path| hook && is_path(path))?;
    Some(of_file(TOOL, path, line))
}

fn is_path(text: &str) -> bool {
    text.contains(['.', '/']) && !text.contains(": ")
}

/// `Cannot parse: 1:16: def broken(a, b)` is the file's fault; all else is a finding.
fn unformattable(path: &str, message: &str) -> Failure {
    let Some((_, place)) = message.split_once(": ").filter(|(start, _)| start.starts_with("Cannot parse")) else {
        return of_file(TOOL, path, message);
    };
    let line = leading_number(place);
    let column = line.and_then(|(_, rest)| leading_number(rest.strip_prefix(':')?));
    syntax(path, line.map(|(line, _)| line), column.map(|(column, _)| column), message)
}

/// A file that does not parse. black counts columns from 0.
fn syntax(path: &str, line: Option<u32>, column: Option<u32>, message: &str) -> Failure {
    let column = column.map(|column| column.saturating_add(1));
    failure(Category::Syntax, TOOL, message).with_path(repo_path(path)).with_line(line).with_column(column)
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, parse, passes};

    #[test]
    fn diffs_name_the_files_where_nothing_else_does() {
        let log = "--- shop/a.py  2026-02-03 11:23:18.413795+00:00\n+++ shop/a.py  2026-02-03 11:23:34.277503+00:00\n@@ -1 +1 @@\n-x\n+y\nOh no! 💥 💔 💥\n1 file would be reformatted, 20 files would be left unchanged.";
        check(None, log, &["quality black shop/a.py would reformat shop/a.py"]);
    }

    #[test]
    fn files_are_one_failure_each() {
        let log = "--- /home/runner/work/shop/shop/shop/cart.py\t2023-01-01\n+++ x\nwould reformat /home/runner/work/shop/shop/shop/cart.py\nwould reformat b.py\n\nOh no! 💥 💔 💥\n2 files would be reformatted, 1 file would be left unchanged.";
        let expected = [
            "quality black shop/cart.py would reformat /home/runner/work/shop/shop/shop/cart.py",
            "quality black b.py would reformat b.py",
        ];
        check(Some("black --check --diff ."), log, &expected);
        check(None, log, &expected);
        passes(Some("pytest"), log);
    }

    #[test]
    fn files_that_do_not_parse_are_syntax_failures() {
        check(
            Some("black --check ."),
            "error: cannot format a.py: Cannot parse: 3:16: def broken(a, b)",
            &["syntax black a.py:3:17 Cannot parse: 3:16: def broken(a, b)"],
        );
        check(
            Some("black --check ."),
            "error: cannot format a.py: Cannot parse for target version Python 3.8: 1:0: match x:",
            &["syntax black a.py:1:1 Cannot parse for target version Python 3.8: 1:0: match x:"],
        );
        check(
            Some("black --check ."),
            "error: cannot parse: a.py:1:16\n    def broken(a, b)\n                   ^\nParseError: bad input",
            &["syntax black a.py:1:17 cannot parse: a.py:1:16"],
        );
        check(
            Some("black --check ."),
            "error: cannot format a.py: INTERNAL ERROR: Black produced different code",
            &["quality black a.py INTERNAL ERROR: Black produced different code"],
        );
    }

    #[test]
    fn in_a_hook_changed_files_count() {
        let log = "reformatted a.py\n\nAll done! ✨ 🍰 ✨\n1 file reformatted.";
        let hook = format!("black....Failed\n- hook id: black\n- files were modified by this hook\n\n{log}");
        check(None, &hook, &["quality black a.py reformatted a.py"]);
        passes(Some("black ."), log);
        assert!(parse(Some("black --check"), "All done! ✨ 🍰 ✨\n3 files would be left unchanged.").passed);
    }
}
