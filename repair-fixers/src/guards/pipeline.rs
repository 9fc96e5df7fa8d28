//! Refuses CI files, hooks and task files that check less than before.

use super::commands::{Check, Commands, Weakness, fewer_files, weaker};
use super::workflow;
use repair_core::{ChangeSet, Guard, Objection, RepoPath, Rule, Snapshot};

/// Compares the checks that CI, hooks, tox, nox and make run, before and after.
pub(super) struct Pipeline;

const RULES: &[Rule] = &[
    Rule {
        id: "check-removed",
        manual: "A command that checks the project must not vanish from CI, hooks, tox, nox or make. It may move to \
                 another job or file of the same change, and may be replaced by a tool that does the same.",
    },
    Rule {
        id: "check-weakened",
        manual: "A command that checks the project must not be made weaker: no `--exit-zero`, no `|| true`, no pipe that \
                 hides its status, no `set +e`, no narrower paths or rules, no check turned into a rewrite.",
    },
    Rule {
        id: "workflow-weakened",
        manual: "A workflow must not run its checks less often or ignore how they end: no `continue-on-error`, no new \
                 condition on a job or step that checks, no trigger removed or narrowed, no environment variable that \
                 tells a tool to do less.",
    },
    Rule {
        id: "tool-pinned-old",
        manual: "A check tool pinned to an older version checks less, or something else; a person decides about that.",
    },
];

impl Guard for Pipeline {
    fn rules(&self) -> &'static [Rule] {
        RULES
    }

    fn check(&self, before: &Snapshot, after: &Snapshot, changes: &ChangeSet) -> Vec<Objection> {
        let mut found = Vec::new();
        let old = checks(before, changes);
        let new = checks(after, changes);
        found.extend(compare(&old, &new));
        for path in changes.paths() {
            let (was, is) = (before.text(path).unwrap_or_default(), after.text(path).unwrap_or_default());
            if super::place::is_ci(path) {
                let weaknesses = workflow::weaker(was, is);
                found.extend(
                    weaknesses.into_iter().map(|(weakness, line)| weakness.objection(&RULES[2]).at(path, line)),
                );
            }
            if path.file_name().starts_with(".pre-commit-config") {
                let fewer = fewer_files(was, is, after);
                found.extend(fewer.into_iter().map(|weakness| weakness.objection(&RULES[1]).at(path, None)));
            }
            if Commands::of_text(path, is).is_some() || path.extension() == Some("txt") {
                let older = workflow::older_tools(path, was, is);
                found.extend(older.into_iter().map(|(weakness, line)| weakness.objection(&RULES[3]).at(path, line)));
            }
        }
        found
    }
}

/// A check with the place where it stands.
struct Placed {
    path: RepoPath,
    line: Option<u32>,
    check: Check,
}

fn checks(snapshot: &Snapshot, changes: &ChangeSet) -> Vec<Placed> {
    let texts = changes.paths().filter_map(|path| Some((path, snapshot.text(path).ok()?)));
    let commands = texts.filter_map(|(path, text)| Some((path, Commands::of_text(path, text)?)));
    let place = |(path, commands): (&RepoPath, Commands)| {
        let path = path.clone();
        commands.checks.into_iter().map(move |(line, check)| Placed { path: path.clone(), line, check })
    };
    commands.flat_map(place).collect()
}

/// Gives every old check a new one, the most alike first, and reports what is lost on the way.
fn compare(old: &[Placed], new: &[Placed]) -> Vec<Objection> {
    let mut found = Vec::new();
    let mut taken = vec![false; new.len()];
    let mut left: Vec<&Placed> = Vec::new();
    for placed in old {
        let same = |(index, other): &(usize, &Placed)| !taken[*index] && other.check == placed.check;
        match new.iter().enumerate().find(same) {
            Some((index, _)) => taken[index] = true,
            None => left.push(placed),
        }
    }
    for placed in left {
        let same_tool = |(_, other): &(usize, &Placed)| other.check.tool == placed.check.tool;
        let cost = |(index, other): &(usize, &Placed)| {
            let weaknesses = weaker(&placed.check, &other.check).len();
            (weaknesses, taken[*index], other.path != placed.path)
        };
        match new.iter().enumerate().filter(same_tool).min_by_key(cost) {
            Some((index, other)) => {
                taken[index] = true;
                let weaknesses = weaker(&placed.check, &other.check);
                found.extend(weaknesses.into_iter().map(|it| it.objection(&RULES[1]).at(&other.path, other.line)));
            }
            None => found.extend(removed(placed, new)),
        }
    }
    found
}

fn removed(placed: &Placed, new: &[Placed]) -> Option<Objection> {
    let title = placed.check.title();
    if placed.check.hidden.is_some() || is_incidental(&placed.check) {
        return None;
    }
    let stands_in = |other: &&Placed| replaces(&placed.check.tool, &other.check.tool) && other.check.hidden.is_none();
    let weakness = match new.iter().find(stands_in) {
        Some(other) => Weakness::needs_person(format!("`{title}` was replaced by `{}`", other.check.title())),
        None => Weakness::refuse(format!("`{title}` is no longer run")),
    };
    Some(weakness.objection(&RULES[0]).at(&placed.path, placed.line))
}

/// Whether the command only prepares or informs.
fn is_incidental(check: &Check) -> bool {
    let informs =
        check.options.iter().any(|(name, _)| matches!(name.as_str(), "--version" | "--help" | "--install-hooks"));
    let verb = check.tool.split(' ').nth(1).unwrap_or_default();
    informs
        || matches!(
            verb,
            "install"
                | "html"
                | "xml"
                | "combine"
                | "erase"
                | "clean"
                | "build"
                | "serve"
                | "upload"
                | "deploy"
                | "docs"
        )
        || check.tool == "coverage lcov"
}

/// Whether `new` does what `old` did.
fn replaces(old: &str, new: &str) -> bool {
    let kind = |tool: &str| {
        let name = tool.trim_start_matches("hook ").trim_start_matches("action ");
        let name = name.rsplit('/').next().unwrap_or(name);
        match name {
            "black" | "ruff format" | "ruff-format" | "yapf" | "autopep8" => "format",
            "flake8" | "pyflakes" | "pycodestyle" | "ruff check" | "ruff" | "ruff-check" | "ruff-action" | "pylint" => {
                "lint"
            }
            "isort" => "lint",
            "mypy" | "pyright" | "basedpyright" | "ty" | "pyrefly" | "pytype" | "pyre" => "types",
            "pytest" | "unittest" | "nose2" | "nosetests" | "setup.py test" | "trial" | "stestr" => "tests",
            "pre-commit run" | "prek run" | "pre-commit" | "action" => "hooks",
            _ => "",
        }
    };
    let runner = |tool: &str| {
        ["tox", "nox", "make ", "just ", "task ", "hatch ", "pre-commit run", "prek run"]
            .iter()
            .any(|it| tool.starts_with(it))
    };
    !kind(old).is_empty() && kind(old) == kind(new) || runner(new)
}

#[cfg(test)]
#[path = "pipeline_tests.rs"]
mod tests;
