//! uv: what it refuses, beside requirements without a solution and lock files out of date.
//!
//! `error: head`, then `  cause: …` or `  Caused by: …`; in some versions `  × head`, then `  ├─▶ …` and `  ╰─▶ …`.

use super::Reader;
use super::found::{Found, Refine, failure, leading_number, quoted};
use super::pip::name;
use super::section::Section;
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader = Reader { needles: &["error: ", "× ", "The package `"], read };

const TOOL: &str = "uv";

/// Beginnings of its errors, by which it is known where the command does not name it.
const HEADS: &[&str] = &[
    "In `--require-hashes` mode",
    "Couldn't parse requirement in `",
    "No virtual environment found; run `uv venv`",
    "No `pyproject.toml` found in current directory",
    "Extra `",
    "Group `",
    "Failed to parse: `",
    "Distribution not found at: ",
    "No interpreter found for Python",
    "Failed to spawn: ",
    "Failed to parse metadata from built wheel",
    "Failed to parse: pyproject.toml",
    "Failed to download `",
    "Failed to build `",
    "Failed to prepare distributions",
    "The interpreter at ",
];

/// Signs that what failed is the network, which is told elsewhere.
const NETWORK: &[&str] =
    &["Request failed after", "error sending request", "dns error", "tcp connect error", "Failed to fetch"];

/// Heads that say less than the last cause below them.
const VAGUE: &[&str] = &[
    "Failed to build",
    "Failed to download",
    "Failed to prepare",
    "Failed to parse",
    "Failed to read",
    "Failed to install",
];

fn read(section: &Section<'_>, found: &mut Found) {
    if !section.ran.allows(TOOL) {
        return;
    }
    for (index, line) in section.lines() {
        if let Some(failure) = incompatible(line) {
            found.at(section, index, failure);
        }
    }
    if found.has(TOOL) || found.has("gcc") {
        return;
    }
    let error = section.lines().find_map(|(index, line)| Some((index, head(section, line)?)));
    if let Some((index, head)) = error {
        let causes = causes(section, index);
        let network = |text: &str| NETWORK.iter().any(|sign| text.contains(sign));
        if !network(head) && !causes.iter().any(|(_, cause)| network(cause)) {
            let last = causes.last().map_or(index, |(index, _)| *index);
            found.add(section, index, last, report(section, head, &causes));
        }
    }
}

/// The head of an error.
fn head<'a>(section: &Section<'_>, line: &'a str) -> Option<&'a str> {
    let text = line.strip_prefix("error: ").or_else(|| line.strip_prefix("  × "))?;
    let project = || text.starts_with('`') && text.contains("` does not appear to be a Python project, as neither");
    let known = || HEADS.iter().any(|head| text.starts_with(head)) || project();
    (section.ran.names(TOOL) || known()).then_some(text)
}

/// The chain of causes below a head.
fn causes<'a>(section: &Section<'a>, head: usize) -> Vec<(usize, &'a str)> {
    let below = section.lines().skip_while(move |(index, _)| *index <= head);
    let cause = |line: &'a str| {
        ["cause: ", "Caused by: ", "├─▶ ", "╰─▶ "].iter().find_map(|mark| line.trim_start().strip_prefix(mark))
    };
    below.filter_map(|(index, line)| Some((index, cause(line)?))).collect()
}

fn report(section: &Section<'_>, head: &str, causes: &[(usize, &str)]) -> Failure {
    let dependency = |code: Option<&str>, message: &str| {
        failure(Category::Dependency, TOOL, message).with_code(code.map(str::to_owned))
    };
    if let Some((_, hash)) = causes.iter().find(|(_, cause)| cause.starts_with("Hash mismatch for ")) {
        return dependency(Some("HashMismatch"), hash).with_subject(quoted(hash).map(|text| name(text).to_owned()));
    }
    if head.starts_with("In `--require-hashes` mode") {
        let missing = head.rsplit_once(": ").map(|(_, requirement)| name(requirement).to_owned());
        return dependency(Some("HashMissing"), head).with_subject(missing);
    }
    if let Some(failure) = toml(section, head, causes) {
        return failure;
    }
    let vague = VAGUE.iter().any(|start| head.starts_with(start)) && !head.starts_with("Failed to parse: `");
    let message = causes.last().filter(|_| vague).map_or(head, |(_, cause)| cause);
    let built = head.starts_with("Failed to build");
    let file = head.strip_prefix("Couldn't parse requirement in ").and_then(quoted).and_then(repo_path);
    let subject = quoted(head).filter(|name| !name.contains('/') && file.is_none() && !name.starts_with('-'));
    failure(if built { Category::Build } else { Category::Dependency }, TOOL, message)
        .with_path(file)
        .with_subject(subject.map(|text| name(text).to_owned()).filter(|name| !name.is_empty()))
}

/// `TOML parse error at line 1, column 1`, with the source and the reason below.
fn toml(section: &Section<'_>, head: &str, causes: &[(usize, &str)]) -> Option<Failure> {
    let (index, rest) =
        causes.iter().find_map(|(index, cause)| Some((*index, cause.strip_prefix("TOML parse error at line ")?)))?;
    let file = std::iter::once(head).chain(causes.iter().map(|(_, cause)| *cause)).find_map(toml_file);
    let marks = |next: &usize| section.line(*next).trim_start_matches([' ', '|']).starts_with('^');
    let message = (index + 1..index + 8).find(marks).map_or(section.line(index), |marks| section.line(marks + 1));
    let failure = failure(Category::Dependency, TOOL, message).with_path(file.and_then(repo_path));
    Some(failure.with_line(leading_number(rest).map(|(line, _)| line)))
}

/// The file that a sentence names.
fn toml_file(text: &str) -> Option<&str> {
    text.split([' ', '`', '\'', ':']).find(|word| word.ends_with(".toml") || word.ends_with(".lock"))
}

/// A line of `uv pip check`.
fn incompatible(line: &str) -> Option<Failure> {
    let (package, rest) = line.strip_prefix("The package `")?.split_once("` requires ")?;
    let broken =
        rest.ends_with("but it's not installed") || rest.contains(", but `") && rest.ends_with(" is installed");
    broken.then(|| failure(Category::Dependency, TOOL, line).with_subject(Some(package.to_owned())))
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn errors_and_their_causes() {
        for (log, expected) in [
            (
                "error: In `--require-hashes` mode, all requirements must have a hash, but none were provided for: six==1.16.0",
                "dependency uv HashMissing In `--require-hashes` mode, all requirements must have a hash, but none were provided for: six==1.16.0 <six>",
            ),
            (
                "error: Failed to download `six==1.16.0`\n  cause: Hash mismatch for `six==1.16.0`\n         Expected:\n           sha256:00",
                "dependency uv HashMismatch Hash mismatch for `six==1.16.0` <six>",
            ),
            (
                "  × Failed to download `six==1.16.0`\n  ╰─▶ Hash mismatch for `six==1.16.0`\n",
                "dependency uv HashMismatch Hash mismatch for `six==1.16.0` <six>",
            ),
            (
                "error: Failed to parse: `six=>1`\n  Caused by: no such comparison operator",
                "dependency uv Failed to parse: `six=>1` <six>",
            ),
            (
                "error: Couldn't parse requirement in `r.txt` at position 4\n  Caused by: Expected one of `@`",
                "dependency uv r.txt Couldn't parse requirement in `r.txt` at position 4",
            ),
            (
                "error: Failed to spawn: `nosuch`\n  Caused by: No such file or directory (os error 2)",
                "dependency uv Failed to spawn: `nosuch` <nosuch>",
            ),
            (
                "error: Failed to build `/home/runner/work/s/s/q`\n  cause: Expected a Python module at: src/q/__init__.py",
                "build uv Expected a Python module at: src/q/__init__.py",
            ),
            (
                "The package `requests` requires `idna>=2.5,<3`, but it's not installed",
                "dependency uv The package `requests` requires `idna>=2.5,<3`, but it's not installed <requests>",
            ),
        ] {
            check(Some("uv sync"), log, &[expected]);
            check(Some("make install"), log, &[expected]);
            passes(Some("pytest"), log);
        }
    }

    #[test]
    fn project_files_that_do_not_parse() {
        let log = "error: Failed to parse: pyproject.toml\n  cause: TOML parse error at line 1, column 1\n           |\n         1 | [project]\n           | ^^^^^^^^^\n         `project.version` is missing";
        check(Some("uv sync"), log, &["dependency uv pyproject.toml:1 `project.version` is missing"]);
    }

    #[test]
    fn networks_and_other_tools_are_left_to_others() {
        passes(
            Some("uv sync"),
            "error: Request failed after 3 retries\n  cause: Failed to fetch: https://x/simple/six/",
        );
        passes(None, "error: something else\n  Caused by: x");
    }
}
