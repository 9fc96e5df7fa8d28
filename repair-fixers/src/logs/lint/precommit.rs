//! pre-commit: hooks that report or change files and are no tools of their own.

use super::Reader;
use super::found::{Found, Refine, failure, leading_number, located};
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure, RepoPath};
use std::collections::HashSet;

pub(super) const READER: Reader =
    Reader { needles: &["....Failed", "...Failed", ")Failed", "InvalidConfigError", "InvalidManifestError"], read };

const TOOL: &str = "pre-commit";

/// What pre-commit itself says about a hook that changed files.
const MODIFIED: &str = "files were modified by this hook";

/// Verbs with which hooks name a file that they changed.
const CHANGED: &[&str] = &[
    "Fixing strings in ",
    "Fixing ",
    "Rewriting ",
    "Sorting ",
    "Reformatting ",
    "reformatted ",
    "Formatted ",
    "Fixed ",
    "Updated ",
    "File ",
    "Formatting ",
];

fn read(section: &Section<'_>, found: &mut Found) {
    if let Some(index) =
        section.lines().find(|(_, line)| line.starts_with("An error has occurred: Invalid")).map(|(index, _)| index)
    {
        let message = section.lines().find_map(|(_, line)| line.strip_prefix("=====> ")).unwrap_or_default();
        found.at(
            section,
            index,
            failure(Category::Quality, TOOL, message).with_path(repo_path(".pre-commit-config.yaml")),
        );
    }
    let Some(hook) = section.hook.filter(|hook| section.failed && !hook.is_empty()) else { return };
    if !found.here().is_empty() {
        return;
    }
    unparsed(section, hook, found);
    files(section, hook, found);
    if found.here().is_empty()
        && let Some((first, _)) = section.lines().next()
    {
        found.at(section, first, of_hook(section, hook));
    }
}

fn hook_failure(hook: &str, message: &str) -> Failure {
    let text = Some(hook.to_owned());
    failure(Category::Quality, TOOL, message).with_code(text.clone()).with_subject(text)
}

/// One failure per file that the output names.
fn files(section: &Section<'_>, hook: &str, found: &mut Found) {
    let modified = section.any(|line| line == "- files were modified by this hook");
    let unparsed: HashSet<_> = found.here().iter().filter_map(|failure| failure.path.clone()).collect();
    let mut seen = HashSet::new();
    for (index, line) in body(section) {
        let Some((path, number)) = named_file(line).or_else(|| link(hook, line)) else { continue };
        if unparsed.contains(&path) || !seen.insert((path.clone(), number)) {
            continue;
        }
        let reason = || reason(section, index, line);
        let message = if modified { MODIFIED } else { reason() };
        found.at(section, index, hook_failure(hook, message).with_path(Some(path)).with_line(number));
    }
}

/// Why a line names its file: PyYAML says it in the line above.
fn reason<'a>(section: &Section<'a>, index: usize, line: &'a str) -> &'a str {
    let above = index.checked_sub(1).map_or("", |above| section.line(above));
    let told = line.starts_with("  in \"") && !above.is_empty() && !above.starts_with([' ', '-']);
    if told { above } else { line }
}

/// `old-name: Broken symlink`: the name of a link need not look like a file's.
fn link(hook: &str, line: &str) -> Option<(RepoPath, Option<u32>)> {
    let (path, _) = line.split_once(": ").filter(|_| matches!(hook, "check-symlinks" | "destroyed-symlinks"))?;
    Some((repo_path(path)?, None))
}

/// The line in `… line 1 column 9 (char 8)` and `(at line 1, column 3)`, with which parsers of data files end.
fn told_line(line: &str) -> Option<u32> {
    let (_, rest) = line.split_once(" line ")?;
    let (number, rest) = leading_number(rest)?;
    (rest.starts_with(" column ") || rest.starts_with(", column ")).then_some(number)
}

/// The output of the hook, without what pre-commit says above it.
fn body<'a>(section: &Section<'a>) -> impl Iterator<Item = (usize, &'a str)> + use<'a> {
    section.lines().skip(1).filter(|(_, line)| !line.starts_with("- ") && !line.trim().is_empty())
}

/// The file that a line is about, with its line.
fn named_file(line: &str) -> Option<(RepoPath, Option<u32>)> {
    if let Some(rest) = line.trim_start().strip_prefix("in \"") {
        let (path, rest) = rest.split_once("\", line ")?;
        return Some((repo_path(path)?, leading_number(rest).map(|(number, _)| number)));
    }
    if let Some((place, _)) = located(line).filter(|(place, _)| is_file(place.path)) {
        return Some((repo_path(place.path)?, Some(place.line)));
    }
    if let Some(path) = line.strip_prefix("+++ ").filter(|path| is_file(path)) {
        return Some((repo_path(path)?, None));
    }
    let rest = CHANGED.iter().find_map(|verb| line.strip_prefix(verb)).unwrap_or(line);
    let end = rest.find([' ', ':']).unwrap_or(rest.len());
    let after = ["found: ", "found in "].iter().find_map(|mark| line.split_once(mark)).map(|(_, path)| path);
    [Some(rest.trim_end()), Some(&rest[..end]), after]
        .into_iter()
        .flatten()
        .find(|path| is_file(path))
        .and_then(|path| Some((repo_path(path)?, told_line(line))))
}

/// Whether a word looks like a file's path: it has an extension or a folder and no space.
fn is_file(text: &str) -> bool {
    let extension = text.rsplit_once('.').is_some_and(|(stem, end)| {
        !stem.is_empty() && (1..=12).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    !text.contains([' ', '\t', '"', '(', '='])
        && !text.contains("//")
        && (extension || text.contains('/') || text.starts_with('.') && text.len() > 2)
}

/// `File "a.py", line 1` and `SyntaxError: message` in a traceback.
fn unparsed(section: &Section<'_>, hook: &str, found: &mut Found) {
    let mut place = None;
    for (index, line) in body(section) {
        let line = line.trim();
        if let Some((path, rest)) = line.strip_prefix("File \"").and_then(|rest| rest.split_once("\", line ")) {
            place = repo_path(path).zip(leading_number(rest).map(|(number, _)| number)).or(place);
        } else if let Some((class, message)) = line.split_once("Error: ")
            && matches!(class, "Syntax" | "Indentation" | "Tab")
            && let Some((path, number)) = place.take()
        {
            let mut failure = failure(Category::Syntax, TOOL, message);
            failure.code = Some(hook.to_owned());
            found.at(section, index, failure.with_path(Some(path)).with_line(Some(number)));
        }
    }
}

/// The hook as a whole, where it names no file. A tool that is known answers for itself.
fn of_hook(section: &Section<'_>, hook: &str) -> Failure {
    let modified = section.any(|line| line == "- files were modified by this hook");
    let text = body(section).map(|(_, line)| line.trim()).next();
    let message = if modified { MODIFIED } else { text.unwrap_or("the hook failed") };
    match section.ran.named.first() {
        // A tool may stand behind several hooks, such as `ruff` and `ruff-format`.
        Some(tool) if modified => {
            failure(Category::Quality, tool, message).with_code((*tool != hook).then(|| hook.to_owned()))
        }
        _ => hook_failure(hook, message),
    }
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    fn hook(id: &str, head: &str, body: &str) -> String {
        format!("some name....Failed\n- hook id: {id}\n{head}\n{body}\n\nlast....Passed\n")
    }

    #[test]
    fn changed_files_are_one_failure_each() {
        let log = hook(
            "trailing-whitespace",
            "- exit code: 1\n- files were modified by this hook\n",
            "Fixing docs/conf.py\nFixing README.md",
        );
        check(
            None,
            &log,
            &[
                "quality pre-commit trailing-whitespace docs/conf.py files were modified by this hook <trailing-whitespace>",
                "quality pre-commit trailing-whitespace README.md files were modified by this hook <trailing-whitespace>",
            ],
        );
    }

    #[test]
    fn reports_name_their_file() {
        for (id, line, place) in [
            ("check-yaml", "  in \"pc/b.yml\", line 2, column 1", "pc/b.yml:2"),
            ("check-json", "a.json: Failed to json decode (Expecting value: line 3 column 9 (char 8))", "a.json:3"),
            ("check-toml", "a.toml: Expected ']' at the end of a table (at line 1, column 3)", "a.toml:1"),
            ("check-symlinks", "old-name: Broken symlink", "old-name"),
            ("check-added-large-files", "data/x.bin (812 KB) exceeds 500 KB.", "data/x.bin"),
            ("detect-private-key", "Private key found: keys/id", "keys/id"),
            ("no-foo", "a.py:3:import foo", "a.py:3"),
        ] {
            check(
                Some("pre-commit run -a"),
                &hook(id, "- exit code: 1\n", line),
                &[&format!("quality pre-commit {id} {place} {} <{id}>", line.trim())],
            );
        }
    }

    #[test]
    fn the_tool_behind_a_hook_answers() {
        let flake8 = hook("flake8", "- exit code: 1\n", "a.py:1:1: F401 'os' imported but unused");
        check(None, &flake8, &["quality flake8 F401 a.py:1:1 'os' imported but unused <os>"]);
        check(
            None,
            &hook("isort", "- files were modified by this hook", ""),
            &["quality isort files were modified by this hook"],
        );
        check(
            None,
            &hook("my-hook", "- exit code: 1", "it is wrong"),
            &["quality pre-commit my-hook it is wrong <my-hook>"],
        );
    }

    #[test]
    fn source_that_does_not_parse() {
        let log = hook(
            "check-ast",
            "- exit code: 1\n",
            "a.py: failed parsing with CPython 3.11.7:\n      File \"/usr/lib/python3.11/ast.py\", line 50, in parse\n      File \"a.py\", line 4\n    SyntaxError: expected ':'",
        );
        check(None, &log, &["syntax pre-commit check-ast a.py:4 expected ':'"]);
    }

    #[test]
    fn a_hook_may_have_more_to_say_than_that_a_file_does_not_parse() {
        let body = "dbg.py:1:0: pdb imported\nshop/a.py - Could not parse ast\n\tTraceback (most recent call last):\n\t  File \"shop/a.py\", line 3\n\tSyntaxError: expected ':'";
        check(
            None,
            &hook("debug-statements", "- exit code: 1\n", body),
            &[
                "quality pre-commit debug-statements dbg.py:1 dbg.py:1:0: pdb imported <debug-statements>",
                "syntax pre-commit debug-statements shop/a.py:3 expected ':'",
            ],
        );
    }

    #[test]
    fn reasons_and_diffs_are_read() {
        let yaml = "mapping values are not allowed here\n  in \"b.yml\", line 2, column 4";
        check(
            None,
            &hook("check-yaml", "- exit code: 1\n", yaml),
            &["quality pre-commit check-yaml b.yml:2 mapping values are not allowed here <check-yaml>"],
        );
        let diff = "--- a.json\n+++ a.json\n@@ -1 +1,4 @@\n-{\"b\": 1}\n+{\n+  \"b\": 1\n+}";
        check(
            None,
            &hook("pretty-format-json", "- exit code: 1\n", diff),
            &["quality pre-commit pretty-format-json a.json +++ a.json <pretty-format-json>"],
        );
    }

    #[test]
    fn the_output_may_be_set_in() {
        let prek = "flake8....Failed\n- hook id: flake8\n- exit code: 1\n\n  a.py:1:1: F401 'os' imported but unused\n";
        check(Some("prek run -a"), prek, &["quality flake8 F401 a.py:1:1 'os' imported but unused <os>"]);
        let fixed =
            "Trim....Failed\n- hook id: trailing-whitespace\n- files were modified by this hook\n\n  Fixing a.py\n";
        check(
            Some("prek run -a"),
            fixed,
            &["quality pre-commit trailing-whitespace a.py files were modified by this hook <trailing-whitespace>"],
        );
    }

    #[test]
    fn hooks_that_passed_are_silent() {
        passes(
            None,
            "flake8....Passed\n- hook id: flake8\n- duration: 1s\n\na.py:1:1: F401 'os' imported but unused\n",
        );
        passes(None, "black....(no files to check)Skipped\nisort....Passed\n");
    }
}
