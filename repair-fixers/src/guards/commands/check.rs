//! One run of one check tool: what it checks, and how strictly.

use super::Command;
use super::options::{is_valued, is_word_of_subcommand};

/// A command line that runs a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::guards) struct Check {
    /// The tool, with its subcommand: `ruff check`.
    pub(in crate::guards) tool: String,
    /// Options, each with its value if it has one.
    pub(in crate::guards) options: Vec<(String, String)>,
    /// What is checked; empty means the tool's default, which is all.
    pub(in crate::guards) targets: Vec<String>,
    /// Why a failure goes unnoticed, if it does.
    pub(in crate::guards) hidden: Option<&'static str>,
}

/// What checks something, by the name of the program.
const TOOLS: &[&str] = &[
    "pytest",
    "unittest",
    "nose2",
    "nosetests",
    "trial",
    "stestr",
    "behave",
    "tox",
    "nox",
    "ruff",
    "flake8",
    "pylint",
    "mypy",
    "dmypy",
    "pyright",
    "basedpyright",
    "pyre",
    "pytype",
    "ty",
    "pyrefly",
    "black",
    "isort",
    "autopep8",
    "yapf",
    "autoflake",
    "pyupgrade",
    "docformatter",
    "bandit",
    "semgrep",
    "codespell",
    "typos",
    "coverage",
    "diff-cover",
    "diff-quality",
    "pre-commit",
    "prek",
    "interrogate",
    "vulture",
    "radon",
    "xenon",
    "pydocstyle",
    "pycodestyle",
    "pyflakes",
    "pydoclint",
    "doc8",
    "rstcheck",
    "sphinx-build",
    "mkdocs",
    "twine",
    "check-manifest",
    "check-wheel-contents",
    "validate-pyproject",
    "safety",
    "pip-audit",
    "liccheck",
    "yamllint",
    "shellcheck",
    "actionlint",
    "zizmor",
    "hadolint",
    "djlint",
    "curlylint",
    "deptry",
    "lint-imports",
    "doctest",
    "compileall",
    "make",
    "just",
    "task",
    "hatch",
    "invoke",
    "setup.py",
    "manage.py",
    "towncrier",
    "pyroma",
    "mdformat",
    "markdownlint",
    "cspell",
    "pip-check",
];

/// Tools whose first plain word names what they do.
const WITH_SUBCOMMAND: &[&str] = &[
    "ruff",
    "coverage",
    "pre-commit",
    "prek",
    "make",
    "just",
    "task",
    "hatch",
    "invoke",
    "twine",
    "mkdocs",
    "setup.py",
    "manage.py",
    "ty",
    "pyrefly",
    "towncrier",
    "semgrep",
    "safety",
    "radon",
    "pyre",
];

/// Programs that run the program named after their own options.
const WRAPPERS: &[&str] = &[
    "uv",
    "poetry",
    "pdm",
    "pipenv",
    "pipx",
    "uvx",
    "rye",
    "pixi",
    "conda",
    "micromamba",
    "xvfb-run",
    "time",
    "timeout",
    "nice",
    "env",
    "sudo",
    "exec",
    "command",
    "nohup",
    "stdbuf",
    "dbus-run-session",
    "catchsegv",
    "unbuffer",
    "run",
    "x",
    "tool",
];

impl Check {
    /// The check that `command` runs, if it runs one.
    pub(in crate::guards) fn of(command: &Command) -> Option<Self> {
        Self::of_words(&command.words, command.hidden)
    }

    /// The check that a list of words runs, if it runs one.
    pub(in crate::guards) fn of_words(words: &[String], hidden: Option<&'static str>) -> Option<Self> {
        let (mut options, mut rest) = prefix(words);
        let program = program_name(rest.first()?);
        if !TOOLS.contains(&program.as_str()) {
            return None;
        }
        rest = &rest[1..];
        let mut tool = program.clone();
        if program == "coverage" && rest.first().is_some_and(|word| word == "run") {
            let inner = rest.iter().position(|word| word == "-m").map(|at| &rest[at + 1..]);
            if let Some(mut check) = inner.and_then(|inner| Self::of_words(inner, hidden)) {
                check.options.push(("--cov".to_owned(), String::new()));
                return Some(check);
            }
        }
        if program == "tox" && rest.first().is_some_and(|word| matches!(word.as_str(), "run" | "r" | "run-parallel")) {
            rest = &rest[1..];
        }
        if WITH_SUBCOMMAND.contains(&program.as_str()) {
            let at = rest.iter().position(|word| is_word_of_subcommand(word));
            let verb = at.map_or("", |at| rest[at].as_str());
            let known = program != "ruff" || matches!(verb, "check" | "format" | "clean" | "rule" | "server");
            if known && !verb.is_empty() {
                tool = format!("{program} {verb}");
            } else if program == "ruff" {
                tool = "ruff check".to_owned();
            }
            let (before, after) = at.filter(|_| known).map_or((rest, &[][..]), |at| (&rest[..at], &rest[at + 1..]));
            let all: Vec<String> = before.iter().chain(after).cloned().collect();
            let (more, targets) = arguments(&tool, &all);
            options.extend(more);
            return Some(Self { tool, options, targets, hidden });
        }
        let (more, targets) = arguments(&tool, rest);
        options.extend(more);
        Some(Self { tool, options, targets, hidden })
    }

    /// A run of `tool` with these arguments.
    pub(in crate::guards) fn with_arguments(tool: &str, arguments_: &[String]) -> Self {
        let (options, targets) = arguments(tool, arguments_);
        Self { tool: tool.to_owned(), options, targets, hidden: None }
    }

    /// The check as one would type it.
    pub(in crate::guards) fn title(&self) -> String {
        let targets = self.targets.join(" ");
        format!("{} {targets}", self.tool).trim_end().to_owned()
    }

    /// The values of an option, all of its occurrences.
    pub(in crate::guards) fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.options.iter().filter(move |(option, _)| option == name).map(|(_, value)| value.as_str())
    }
}

/// Takes off assignments, wrappers and the interpreter; its `-W` and `-X` options are kept as options.
fn prefix(words: &[String]) -> (Vec<(String, String)>, &[String]) {
    let mut options = Vec::new();
    let mut rest = words;
    loop {
        let Some(first) = rest.first() else { return (options, rest) };
        let name = program_name(first);
        if let Some((variable, value)) = first.split_once('=').filter(|(name, _)| is_variable(name)) {
            options.push((format!("${variable}"), value.to_owned()));
            rest = &rest[1..];
        } else if name == "python" {
            rest = interpreter(&rest[1..], &mut options);
        } else if WRAPPERS.contains(&name.as_str()) || name == "hatch" && rest.get(1).is_some_and(|word| word == "run")
        {
            rest = wrapped(&rest[1..]);
        } else {
            return (options, rest);
        }
    }
}

/// What follows the options of a wrapper: the first word that names a tool, an interpreter, a wrapper or an assignment.
fn wrapped(rest: &[String]) -> &[String] {
    let names = |word: &String| {
        let name = program_name(word);
        name == "python" || TOOLS.contains(&name.as_str()) || WRAPPERS.contains(&name.as_str())
    };
    let at = rest.iter().position(names).unwrap_or(rest.len());
    &rest[at..]
}

fn interpreter<'w>(mut rest: &'w [String], options: &mut Vec<(String, String)>) -> &'w [String] {
    while let Some(word) = rest.first() {
        match word.as_str() {
            "-m" => return &rest[1..],
            "-W" | "-X" => {
                options.push((word.clone(), rest.get(1).cloned().unwrap_or_default()));
                rest = rest.get(2..).unwrap_or_default();
            }
            _ if word.starts_with("-W") || word.starts_with("-X") => {
                options.push((word[..2].to_owned(), word[2..].to_owned()));
                rest = &rest[1..];
            }
            _ if word.starts_with('-') => rest = &rest[1..],
            _ => return rest,
        }
    }
    rest
}

fn arguments(tool: &str, words_: &[String]) -> (Vec<(String, String)>, Vec<String>) {
    let (mut options, mut targets) = (Vec::new(), Vec::new());
    let mut rest = words_.iter().peekable();
    while let Some(word) = rest.next() {
        let glued = |short: &str| word.len() > 2 && !word.starts_with("--") && word.starts_with(short);
        if !word.starts_with('-') || word == "-" {
            targets.extend(without_placeholder(word));
        } else if word == "--" {
            targets.extend(rest.by_ref().cloned());
        } else if let Some((name, value)) = word.split_once('=').filter(|(name, _)| name.starts_with("--")) {
            options.push((name.to_owned(), value.to_owned()));
        } else if is_valued(tool, word) {
            options.push((word.clone(), rest.next().cloned().unwrap_or_default()));
        } else if let Some(short) = ["-k", "-m", "-p", "-W", "-n", "-o", "-c", "-e"].iter().find(|short| glued(short)) {
            options.push(((*short).to_owned(), word[2..].to_owned()));
        } else {
            options.push((word.clone(), String::new()));
        }
    }
    (options, targets)
}

/// A target; of a placeholder such as `{posargs:tests}` only its default is one.
fn without_placeholder(word: &str) -> Option<String> {
    let inside = ["{args", "{posargs"].iter().find_map(|start| word.strip_prefix(start));
    let bare = match inside {
        Some(rest) => rest.trim_start_matches(':').trim_end_matches('}'),
        None if word.contains('{') => word,
        None => word.trim_end_matches('}'),
    };
    (!bare.is_empty()).then(|| bare.to_owned())
}

fn program_name(word: &str) -> String {
    let name = word.rsplit('/').next().unwrap_or(word).trim_start_matches(['@', '-']);
    let name = name.split('@').next().unwrap_or(name);
    match name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.') {
        "python" | "py" | "pypy" | "${PYTHON}" | "$(PYTHON)" | "{envpython}" | "python.exe" => "python".to_owned(),
        "py.test" => "pytest".to_owned(),
        _ => name.trim_end_matches(".exe").to_owned(),
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !name.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guards::commands::words;

    fn check(line: &str) -> Check {
        Check::of_words(&words(line), None).unwrap()
    }

    #[test]
    fn the_tool_is_found_behind_its_wrappers() {
        for (line, tool) in [
            ("pytest -q", "pytest"),
            ("python -m pytest", "pytest"),
            ("uv run --frozen pytest", "pytest"),
            ("A=1 py.test", "pytest"),
            ("coverage run -m pytest tests", "pytest"),
            ("timeout 60 python3.12 -W error -m unittest", "unittest"),
            ("ruff check .", "ruff check"),
            ("uvx ruff@0.5 format --check", "ruff format"),
            ("make lint", "make lint"),
            ("poetry run black --check .", "black"),
            ("pre-commit run --all-files", "pre-commit run"),
            ("hatch run ruff check", "ruff check"),
            ("tox run -e lint", "tox"),
        ] {
            assert_eq!(check(line).tool, tool, "{line}");
        }
        assert_eq!(Check::of_words(&words("pip install pytest"), None), None);
    }

    #[test]
    fn placeholders_stand_for_their_defaults() {
        assert!(check("pytest {args}").targets.is_empty() && check("tox run -e lint").targets.is_empty());
        assert_eq!(check("pytest {posargs:tests}").targets, ["tests"]);
        assert_eq!(check("pytest {args:tests geo}").targets, ["tests", "geo"]);
    }

    #[test]
    fn options_and_targets_are_told_apart() {
        let check = check("python -W error -m pytest -k 'not slow' --ignore=a tests -p no:x -Wignore");
        assert_eq!(check.targets, ["tests"]);
        let option = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let expected = [
            option("-W", "error"),
            option("-k", "not slow"),
            option("--ignore", "a"),
            option("-p", "no:x"),
            option("-W", "ignore"),
        ];
        assert_eq!(check.options, expected);
    }
}
