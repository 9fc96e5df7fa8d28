//! Formatters, rewriters and checkers that report a file, or a line, in a way of their own.

use super::Reader;
use super::found::{Found, Refine, failure, finding, located, of_file};
use super::section::Section;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader {
    needles: &[
        "Rewriting",
        "Reordering imports in ",
        "(reformatted)",
        "yapf: ",
        "+++ fixed/",
        "Unused imports/variables detected",
        "+++ after/",
        ".py",
        " ==> ",
        "RESULT: FAILED",
        "code block parse error",
        "D1",
        "D2",
        "D3",
        "D4",
    ],
    read,
};

/// How a tool says which file it would change, or has changed.
struct Form {
    tool: &'static str,
    /// Whether the command has to name the tool, as the line alone says too little.
    named: bool,
    /// The file that the line at the index names.
    path: for<'a> fn(&Section<'a>, usize, &'a str) -> Option<&'a str>,
}

const FORMS: &[Form] = &[
    Form { tool: "pyupgrade", named: false, path: |_, _, line| line.strip_prefix("Rewriting ") },
    Form { tool: "add-trailing-comma", named: true, path: |_, _, line| line.strip_prefix("Rewriting ") },
    Form {
        tool: "reorder-python-imports",
        named: false,
        path: |_, _, line| line.strip_prefix("Reordering imports in "),
    },
    Form { tool: "blacken-docs", named: false, path: |_, _, line| line.strip_suffix(": Rewriting...") },
    Form { tool: "yapf", named: false, path: |_, _, line| line.strip_prefix("+++ ")?.strip_suffix("(reformatted)") },
    Form {
        tool: "yapf",
        named: true,
        path: |_, _, line| line.strip_prefix("Formatting ").or_else(|| line.strip_prefix("reformatted ")),
    },
    Form { tool: "autopep8", named: true, path: |_, _, line| line.strip_prefix("+++ fixed/") },
    Form { tool: "autoflake", named: true, path: |_, _, line| line.strip_prefix("+++ fixed/") },
    Form {
        tool: "autoflake",
        named: false,
        path: |_, _, line| line.strip_suffix(": Unused imports/variables detected"),
    },
    Form { tool: "docformatter", named: true, path: docformatter },
];

/// A line that is nothing but a path; the diff of the same file may follow.
fn docformatter<'a>(_: &Section<'a>, _: usize, line: &'a str) -> Option<&'a str> {
    (line.ends_with(".py") && !line.contains(' ') && !line.starts_with(['+', '-'])).then_some(line)
}

fn read(section: &Section<'_>, found: &mut Found) {
    for (index, line) in section.lines() {
        let changed = FORMS.iter().filter(|form| section.ran.names(form.tool) || !form.named && section.ran.open);
        let failure = changed
            .into_iter()
            .find_map(|form| Some(of_file(form.tool, (form.path)(section, index, line)?, line)))
            .or_else(|| others(section, index, line));
        if let Some(failure) = failure {
            found.at(section, index, failure);
        }
    }
}

fn others(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let allows = |tool| section.ran.allows(tool);
    let failure = allows("codespell").then(|| codespell(line)).flatten();
    let failure = failure.or_else(|| allows("yapf").then(|| yapf_syntax(line)).flatten());
    let failure = failure.or_else(|| allows("pydocstyle").then(|| pydocstyle(section.line(index + 1), line)).flatten());
    let failure = failure.or_else(|| allows("blacken-docs").then(|| code_block(line)).flatten());
    failure.or_else(|| allows("interrogate").then(|| interrogate(line)).flatten())
}

/// `a.py:6: teh ==> the`
fn codespell(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let message = rest.strip_prefix(": ")?;
    let (word, _) = message.split_once(" ==> ")?;
    let one_word = !word.is_empty() && !word.contains(' ');
    one_word.then(|| finding(Category::Quality, "codespell", &place, None, message).with_subject(Some(word.to_owned())))
}

/// `yapf: a.py:1:17: expected ':'`
fn yapf_syntax(line: &str) -> Option<Failure> {
    let (place, message) = located(line.strip_prefix("yapf: ")?)?;
    Some(finding(Category::Syntax, "yapf", &place, None, message.trim_start_matches([':', ' '])))
}

/// `a.py:6 in public function ...:`, then `        D103: Missing docstring in public function`.
fn pydocstyle(next: &str, line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    (rest.starts_with(" in ") || rest.starts_with(" at module level")).then_some(())?;
    let (code, message) = next.trim_start().split_once(": ")?;
    let is_code = code.len() == 4 && code.starts_with('D') && next.starts_with(' ');
    is_code.then(|| finding(Category::Quality, "pydocstyle", &place, Some(code), message))
}

/// `README.md:1: code block parse error cannot parse: 1:5`
fn code_block(line: &str) -> Option<Failure> {
    let (place, rest) = located(line)?;
    let message = rest.strip_prefix(": ")?;
    message
        .starts_with("code block parse error")
        .then(|| finding(Category::Quality, "blacken-docs", &place, None, message))
}

/// `RESULT: FAILED (minimum: 90.0%, actual: 16.7%)`
fn interrogate(line: &str) -> Option<Failure> {
    let message = line.trim_matches(['-', ' ']);
    message.starts_with("RESULT: FAILED (minimum: ").then(|| failure(Category::Quality, "interrogate", message))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn rewriters_name_the_file() {
        check(
            Some("pyupgrade --py39-plus a.py"),
            "Rewriting tests/common.py",
            &["quality pyupgrade tests/common.py Rewriting tests/common.py"],
        );
        check(
            Some("blacken-docs README.md"),
            "README.md: Rewriting...",
            &["quality blacken-docs README.md README.md: Rewriting..."],
        );
        check(
            Some("autoflake -c -r ."),
            "a.py: No issues detected!\nb.py: Unused imports/variables detected",
            &["quality autoflake b.py b.py: Unused imports/variables detected"],
        );
        check(
            Some("docformatter --check a.py"),
            "a.py\n--- before/a.py\n+++ after/a.py",
            &["quality docformatter a.py a.py"],
        );
        passes(Some("pytest"), "Rewriting tests/common.py");
    }

    #[test]
    fn diffs_name_the_file() {
        check(
            Some("yapf --diff a.py"),
            "--- a.py\t(original)\n+++ a.py\t(reformatted)",
            &["quality yapf a.py +++ a.py\t(reformatted)"],
        );
        check(
            Some("autopep8 --diff --exit-code a"),
            "--- original/a.py\n+++ fixed/a.py",
            &["quality autopep8 a.py +++ fixed/a.py"],
        );
        passes(Some("make docs"), "--- original/a.py\n+++ fixed/a.py");
    }

    #[test]
    fn lines_of_their_own() {
        check(Some("codespell"), "./docs/a.md:6: teh ==> the", &["quality codespell docs/a.md:6 teh ==> the <teh>"]);
        check(Some("yapf -d a"), "yapf: a.py:1:17: expected ':'", &["syntax yapf a.py:1:17 expected ':'"]);
        let doc = "shop/cart.py:6 in public function `total`:\n        D103: Missing docstring in public function";
        check(
            Some("pydocstyle shop"),
            doc,
            &["quality pydocstyle D103 shop/cart.py:6 Missing docstring in public function"],
        );
        check(
            Some("interrogate -v"),
            "---------- RESULT: FAILED (minimum: 90.0%, actual: 16.7%) ----------",
            &["quality interrogate RESULT: FAILED (minimum: 90.0%, actual: 16.7%)"],
        );
    }
}
