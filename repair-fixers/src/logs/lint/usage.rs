//! Tools that refuse their options: by argparse, click and clap, and configuration that they cannot read.

use super::Reader;
use super::found::{Found, Refine, failure, leading_number};
use super::section::Section;
use super::tools::{basename, tool_named};
use crate::logs::paths::repo_path;
use repair_core::{Category, Failure};

pub(super) const READER: Reader =
    Reader { needles: &["sage: ", ": error: ", "TOML parse error at ", "For more information", "ruff failed"], read };

/// Tools whose own readers know what they refuse, or which fail for other reasons in the same words.
const NOT_HERE: &[&str] = &["pytest", "gcc", "unittest", "tox"];

fn read(section: &Section<'_>, found: &mut Found) {
    if !found.here().is_empty() {
        return;
    }
    let failure = section.lines().find_map(|(index, line)| Some((index, refused(section, index, line)?)));
    if let Some((index, failure)) = failure.or_else(|| configuration(section)).or_else(|| cause(section)) {
        found.at(section, index, failure);
    }
}

/// What a usage line, or `program: error: message`, tells.
fn refused(section: &Section<'_>, index: usize, line: &str) -> Option<Failure> {
    let (program, message) = match line.split_once(": error: ") {
        Some((program, message)) if !program.contains(' ') => (program, message),
        _ => {
            let usage = line.strip_prefix("Usage: ").or_else(|| line.strip_prefix("usage: "));
            (usage.and_then(|usage| usage.split(' ').next()).or_else(|| clap(section, line))?, reason(section, index)?)
        }
    };
    let tool = tool_named(basename(program)).filter(|tool| section.ran.allows(tool) && !NOT_HERE.contains(tool))?;
    Some(failure(category(tool), tool, message))
}

/// The tool behind the last line that clap prints, which stands alone where a value is refused.
fn clap(section: &Section<'_>, line: &str) -> Option<&'static str> {
    let asked = line.starts_with("For more information") && line.contains("--help");
    ["ruff", "uv", "ty", "pyrefly"].into_iter().find(|tool| asked && section.ran.names(tool))
}

/// `Error: message` of click below the usage, `error: message` of clap above it.
fn reason<'a>(section: &Section<'a>, index: usize) -> Option<&'a str> {
    let below = (index + 1..index + 6).find_map(|next| section.line(next).strip_prefix("Error: "));
    let above = || (1..8).find_map(|back| section.line(index.checked_sub(back)?).strip_prefix("error: "));
    below.or_else(above)
}

/// `TOML parse error at line 1, column 6` of ruff and uv, with the file above and the reason below.
fn configuration(section: &Section<'_>) -> Option<(usize, Failure)> {
    let (index, rest) =
        section.lines().find_map(|(index, line)| Some((index, line.split_once("TOML parse error at line ")?.1)))?;
    let tool = ["ruff", "uv", "ty", "pre-commit"].into_iter().find(|tool| section.ran.names(tool))?;
    let file = (0..5)
        .find_map(|back| section.line(index.checked_sub(back)?).split_once("Failed to parse").map(|(_, rest)| rest));
    let path = file.map(|file| file.trim_matches([' ', ':', '`'])).and_then(repo_path);
    let marks = |next: &usize| section.line(*next).trim_start_matches([' ', '|']).starts_with('^');
    let message = (index + 1..index + 6).find(marks).map_or(section.line(index), |marks| section.line(marks + 1));
    let failure = failure(category(tool), tool, message);
    Some((index, failure.with_path(path).with_line(leading_number(rest).map(|(line, _)| line))))
}

/// `ruff failed`, with its causes below.
fn cause(section: &Section<'_>) -> Option<(usize, Failure)> {
    section.lines().find(|(_, line)| *line == "ruff failed")?;
    let causes = section.lines().filter_map(|(index, line)| Some((index, line.strip_prefix("  Cause: ")?)));
    causes.last().map(|(index, message)| (index, failure(Category::Quality, "ruff", message)))
}

/// What a check by the tool is for.
fn category(tool: &str) -> Category {
    match tool {
        "mypy" | "pyright" | "basedpyright" | "pyre" | "pyrefly" | "pytype" | "ty" => Category::TypeCheck,
        "bandit" | "pip-audit" | "safety" => Category::Security,
        "coverage" | "diff-cover" => Category::Coverage,
        "sphinx" | "mkdocs" | "doc8" | "rstcheck" => Category::Documentation,
        "pip" | "uv" | "poetry" | "pdm" | "pipenv" | "conda" => Category::Dependency,
        "hatch" | "build" | "twine" | "cibuildwheel" => Category::Build,
        _ => Category::Quality,
    }
}

#[cfg(test)]
mod tests {
    use crate::logs::lint::tests::{check, passes};

    #[test]
    fn options_that_are_refused() {
        for (log, expected) in [
            (
                "usage: flake8 [options] file file ...\nflake8: error: unrecognized arguments: --x",
                "quality flake8 unrecognized arguments: --x",
            ),
            (
                "Usage: black [OPTIONS] SRC ...\nTry 'black -h' for help.\n\nError: No such option: --x",
                "quality black No such option: --x",
            ),
            (
                "error: unexpected argument '--x' found\n\n  tip: use '-- --x'\n\nUsage: ruff check [OPTIONS] [FILES]...",
                "quality ruff unexpected argument '--x' found",
            ),
            (
                "usage: mypy [-h] [-v]\nmypy: error: unrecognized arguments: --x",
                "type_check mypy unrecognized arguments: --x",
            ),
        ] {
            check(Some("make lint"), log, &[expected]);
            passes(Some("pytest"), log);
        }
    }

    #[test]
    fn configuration_that_is_not_toml() {
        let log = "ruff failed\n  Cause: Failed to parse /home/runner/work/s/s/ruff.toml\n  Cause: TOML parse error at line 1, column 6\n  |\n1 | [lint\n  |      ^\nunclosed table, expected `]`\n";
        check(Some("ruff check ."), log, &["quality ruff ruff.toml:1 unclosed table, expected `]`"]);
    }

    #[test]
    fn values_that_are_refused() {
        let value = "error: invalid value 'sarif' for '--output-format <F>'\n  [possible values: text]\n\nFor more information, try '--help'.";
        check(Some("ruff check"), value, &["quality ruff invalid value 'sarif' for '--output-format <F>'"]);
        let rule = "ruff failed\n  Cause: Unknown rule selector `NOSUCH` in `select`";
        check(Some("ruff check"), rule, &["quality ruff Unknown rule selector `NOSUCH` in `select`"]);
    }

    #[test]
    fn other_programs_are_not_known() {
        passes(None, "usage: mine.py [-h]\nmine.py: error: unrecognized arguments: --x");
        passes(None, "Usage: flake8 [options] file");
    }
}
