//! Commands that show the same failures, where the failed one is unknown or cannot be repeated.

use super::short_name;
use crate::shell::quoted;
use repair_core::{Category, Check, Failure};
use std::collections::{BTreeMap, BTreeSet};

/// How a tool is called to look at some files again.
const BY_FILE: &[(&str, &str)] = &[
    ("autoflake", "autoflake --check --quiet"),
    ("bandit", "bandit -q"),
    ("black", "black --check"),
    ("codespell", "codespell"),
    ("docformatter", "docformatter --check"),
    ("flake8", "flake8"),
    ("isort", "isort --check-only"),
    ("mypy", "mypy"),
    ("pycodestyle", "pycodestyle"),
    ("pydocstyle", "pydocstyle"),
    ("pyflakes", "pyflakes"),
    ("pylint", "pylint"),
    ("pyright", "pyright"),
    ("pyupgrade", "pyupgrade"),
    ("yapf", "yapf --diff"),
];

/// One check per tool that reported one of `failures`, on the files or tests that it named.
///
/// Tools that are not known, and failures without a place, have no equivalent.
pub fn equivalent(failures: &[Failure]) -> Vec<Check> {
    let mut targets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for failure in failures {
        if let Some((command, target)) = command_and_target(failure) {
            targets.entry(command).or_default().insert(quoted(&target));
        }
    }
    let check = |(command, targets): (String, BTreeSet<String>)| {
        let command = format!("{command} {}", targets.into_iter().collect::<Vec<_>>().join(" "));
        Check { name: short_name(&command), command, ..Check::default() }
    };
    targets.into_iter().map(check).collect()
}

fn command_and_target(failure: &Failure) -> Option<(String, String)> {
    let path = failure.path.as_ref().map(ToString::to_string);
    let command = match failure.tool.as_str() {
        "pytest" => return Some(("python -m pytest".into(), failure.test_id.clone().or(path)?)),
        "unittest" => return Some(("python -m unittest".into(), failure.test_id.clone()?)),
        "ruff" if failure.code.is_none() => "ruff format --check",
        "ruff" => "ruff check",
        "python" if failure.category == Category::Syntax => "python -m py_compile",
        "python" => "python",
        tool => BY_FILE.iter().find(|(name, _)| *name == tool)?.1,
    };
    Some((command.to_owned(), path?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::RepoPath;

    fn failure(category: Category, tool: &str, code: Option<&str>, path: &str) -> Failure {
        let mut failure = Failure::new(category, tool);
        failure.code = code.map(Into::into);
        failure.path = RepoPath::new(path).ok();
        failure
    }

    #[test]
    fn each_tool_looks_again_at_what_it_named() {
        let mut test = failure(Category::Test, "pytest", Some("AssertionError"), "tests/test_a.py");
        test.test_id = Some("tests/test_a.py::test_b[x y]".into());
        let failures = [
            failure(Category::Quality, "black", None, "a.py"),
            failure(Category::Quality, "black", None, "b.py"),
            failure(Category::Quality, "ruff", Some("F401"), "a.py"),
            failure(Category::Quality, "ruff", None, "a.py"),
            failure(Category::Quality, "unheard-of", None, "a.py"),
            test,
        ];
        let commands: Vec<String> = equivalent(&failures).into_iter().map(|check| check.command).collect();
        let expected = [
            "black --check a.py b.py",
            "python -m pytest 'tests/test_a.py::test_b[x y]'",
            "ruff check a.py",
            "ruff format --check a.py",
        ];
        assert_eq!(commands, expected);
    }
}
