//! The part of a check that tells whether some failures are gone.

use crate::shell::{Invocation, Script, Word, quoted};
use repair_core::{Check, Failure};
use std::collections::BTreeSet;

/// Options of pytest that take a value as a word of its own.
const VALUED: &[&str] = &[
    "-c",
    "-k",
    "-m",
    "-n",
    "-o",
    "-p",
    "-W",
    "--basetemp",
    "--color",
    "--confcutdir",
    "--cov",
    "--cov-config",
    "--cov-report",
    "--deselect",
    "--dist",
    "--ds",
    "--durations",
    "--html",
    "--ignore",
    "--ignore-glob",
    "--import-mode",
    "--junit-xml",
    "--junitxml",
    "--log-cli-level",
    "--log-level",
    "--maxfail",
    "--numprocesses",
    "--override-ini",
    "--reruns",
    "--rootdir",
    "--tb",
    "--timeout",
];

/// The check's command for the failing tests alone: for a single call of pytest whose failures all have ids.
///
/// `None` if it cannot be narrowed, so that all of it runs.
pub fn narrow(check: &Check, failures: &[Failure]) -> Option<String> {
    let script = Script::parse(&check.command);
    let pytest = script.invocations().next().filter(|found| found.tool == "pytest" && script.commands().len() == 1)?;
    let ids: Option<BTreeSet<String>> = failures.iter().map(node_id).collect();
    let ids = ids.filter(|ids| !ids.is_empty())?;
    let head = &check.command[..pytest.name.span.end()];
    let options = options(&pytest).into_iter().map(|word| check.command[word.span.range()].to_owned());
    let words: Vec<String> = std::iter::once(head.trim_start().to_owned()).chain(options).chain(ids).collect();
    Some(words.join(" "))
}

fn node_id(failure: &Failure) -> Option<String> {
    let id = failure.test_id.as_deref().filter(|id| failure.tool == "pytest" && id.contains(".py"))?;
    Some(quoted(id))
}

/// The arguments that are no test paths, and do not measure coverage, which means nothing for a few tests.
fn options<'a>(pytest: &Invocation<'a>) -> Vec<&'a Word> {
    let mut options = Vec::new();
    let mut words = pytest.arguments.iter();
    while let Some(word) = words.next() {
        let value = VALUED.contains(&word.text.as_str()).then(|| words.next()).flatten();
        if word.text.starts_with('-') && !word.text.starts_with("--cov") {
            options.push(word);
            options.extend(value);
        }
    }
    options
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::Category;

    fn narrowed(command: &str, ids: &[&str]) -> Option<String> {
        let failures: Vec<Failure> = ids
            .iter()
            .map(|id| {
                let mut failure = Failure::new(Category::Test, "pytest");
                failure.test_id = Some((*id).to_owned());
                failure
            })
            .collect();
        narrow(&Check { command: command.into(), ..Check::default() }, &failures)
    }

    #[test]
    fn failing_tests_take_the_place_of_paths() {
        let ids = ["tests/a.py::t[1 2]", "tests/b.py"];
        let expected = "python -m pytest -q -k 'x or y' 'tests/a.py::t[1 2]' tests/b.py";
        assert_eq!(
            narrowed("python -m pytest -q -k 'x or y' tests/ --cov src --cov-fail-under=90", &ids).as_deref(),
            Some(expected)
        );
    }

    #[test]
    fn what_is_not_one_call_of_pytest_runs_whole() {
        for command in ["ruff check .", "make test", "pytest a && pytest b", "cd x && pytest", "tox"] {
            assert_eq!(narrowed(command, &["tests/a.py::t"]), None, "{command}");
        }
        assert_eq!(narrowed("pytest", &["module.Class.test"]), None);
        assert_eq!(narrowed("pytest", &[]), None);
    }
}
