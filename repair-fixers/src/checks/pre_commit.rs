//! pre-commit's hooks without pre-commit, which would have to fetch them from the network.

use crate::shell::quoted;
use repair_core::{Check, Failure, RepoPath, Snapshot};
use std::collections::{BTreeMap, BTreeSet};
use yaml_serde::Value;

/// Hooks, with the program that each runs. Source: the hooks' `.pre-commit-hooks.yaml`.
const PROGRAMS: &[(&str, &str)] = &[
    ("autoflake", "autoflake"),
    ("autopep8", "autopep8"),
    ("black", "black"),
    ("black-jupyter", "black"),
    ("check-ast", "check-ast"),
    ("check-json", "check-json"),
    ("check-toml", "check-toml"),
    ("check-yaml", "check-yaml"),
    ("codespell", "codespell"),
    ("debug-statements", "debug-statement-hook"),
    ("docformatter", "docformatter --in-place"),
    ("double-quote-string-fixer", "double-quote-string-fixer"),
    ("end-of-file-fixer", "end-of-file-fixer"),
    ("fix-byte-order-marker", "fix-byte-order-marker"),
    ("flake8", "flake8"),
    ("isort", "isort"),
    ("mixed-line-ending", "mixed-line-ending"),
    ("mypy", "mypy"),
    ("pycln", "pycln"),
    ("pydocstyle", "pydocstyle"),
    ("pylint", "pylint"),
    ("pyupgrade", "pyupgrade"),
    ("ruff", "ruff check --force-exclude"),
    ("ruff-check", "ruff check --force-exclude"),
    ("ruff-format", "ruff format --force-exclude"),
    ("trailing-whitespace", "trailing-whitespace-fixer"),
    ("yapf", "yapf --in-place"),
];

/// The checks that do what the failed hooks did: the same program with the configured arguments on the files that
/// failed, and a report like pre-commit's when it fails or changes a file.
///
/// Hooks that are not known, or whose failures name no file, have none.
pub(super) fn hooks(failures: &[Failure], snapshot: &Snapshot) -> Vec<Check> {
    let configured = configured(snapshot).unwrap_or_default();
    let mut files: BTreeMap<&str, BTreeSet<&RepoPath>> = BTreeMap::new();
    for failure in failures {
        if let (Some(hook), Some(path)) = (hook_of(failure, &configured), &failure.path) {
            files.entry(hook).or_default().insert(path);
        }
    }
    let check = |(hook, paths): (&str, BTreeSet<&RepoPath>)| {
        let (_, program) = PROGRAMS.iter().find(|(id, _)| *id == hook)?;
        let arguments = configured.get(hook).into_iter().flatten().map(String::as_str);
        let words = arguments.chain(paths.iter().map(|path| path.as_str())).map(quoted);
        let command = format!("{program} {}", words.collect::<Vec<_>>().join(" "));
        Some(Check { name: format!("pre-commit: {hook}"), command: as_hook(hook, &command), ..Check::default() })
    };
    files.into_iter().filter_map(check).collect()
}

/// The hook that reported a failure: named by its code if pre-commit reports it, else the one that runs the tool.
fn hook_of<'a>(failure: &'a Failure, configured: &'a BTreeMap<String, Vec<String>>) -> Option<&'a str> {
    let tool = failure.tool.as_str();
    let candidates: &[&str] = match tool {
        "pre-commit" => return failure.code.as_deref(),
        "ruff" if failure.code.is_none() => &["ruff-format"],
        "ruff" => &["ruff", "ruff-check"],
        "black" => &["black", "black-jupyter"],
        _ => return Some(tool),
    };
    candidates.iter().find(|id| configured.contains_key(**id)).or(candidates.first()).copied()
}

/// The configured arguments of each hook.
fn configured(snapshot: &Snapshot) -> Option<BTreeMap<String, Vec<String>>> {
    let text = snapshot.text(&RepoPath::new(".pre-commit-config.yaml").ok()?).ok()?;
    let document: Value = yaml_serde::from_str(text).ok()?;
    let repositories = document.get("repos")?.as_sequence()?;
    let hooks = repositories.iter().filter_map(|repository| repository.get("hooks")?.as_sequence()).flatten();
    let arguments = |hook: &Value| {
        let given = hook.get("args").and_then(Value::as_sequence).into_iter().flatten();
        given.filter_map(|argument| argument.as_str().map(str::to_owned)).collect()
    };
    Some(hooks.filter_map(|hook| Some((hook.get("id")?.as_str()?.to_owned(), arguments(hook)))).collect())
}

/// Runs a command as pre-commit does: it fails too if it changes a file, and says so in pre-commit's words.
fn as_hook(id: &str, command: &str) -> String {
    format!(
        "before=$(git diff | cksum)
output=$({command} 2>&1) && code=0 || code=$?
after=$(git diff | cksum)
if [ \"$code\" != 0 ] || [ \"$before\" != \"$after\" ]; then
  echo '{id}....................................................................Failed'
  echo '- hook id: {id}'
  [ \"$code\" = 0 ] || echo \"- exit code: $code\"
  [ \"$before\" = \"$after\" ] || echo '- files were modified by this hook'
  printf '\\n%s\\n\\n' \"$output\"
  exit 1
fi"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::Script;
    use repair_core::Category;
    use repair_core::testing::Fixture;

    const CONFIG: &str = "#- .pre-commit-config.yaml
repos:
- repo: https://github.com/psf/black-pre-commit-mirror
  rev: 24.4.2
  hooks:
  - id: black
    args: [--line-length=100]
- repo: https://github.com/astral-sh/ruff-pre-commit
  rev: v0.4.1
  hooks:
  - id: ruff-check
    args: [--fix]
";

    fn failure(tool: &str, code: Option<&str>, path: &str) -> Failure {
        let mut failure = Failure::new(Category::Quality, tool);
        failure.code = code.map(Into::into);
        failure.path = RepoPath::new(path).ok();
        failure
    }

    #[test]
    fn each_hook_runs_its_program_with_the_configured_arguments() {
        let failures = [
            failure("black", None, "a.py"),
            failure("black", None, "b c.py"),
            failure("ruff", Some("F401"), "a.py"),
            failure("pre-commit", Some("trailing-whitespace"), "notes.md"),
            failure("pre-commit", Some("a-house-hook"), "a.py"),
        ];
        let checks = hooks(&failures, &Fixture::new(CONFIG).snapshot);
        let command = |check: &Check| {
            let script = Script::parse(&check.command);
            let call = script.invocations().find(|call| !matches!(call.tool, "git" | "cksum")).unwrap();
            let words: Vec<String> = call.command.words.iter().map(|word| word.text.clone()).collect();
            (check.name.clone(), words.join(" "))
        };
        let expected = [
            ("pre-commit: black", "black --line-length=100 a.py b c.py 2>&1"),
            ("pre-commit: ruff-check", "ruff check --force-exclude --fix a.py 2>&1"),
            ("pre-commit: trailing-whitespace", "trailing-whitespace-fixer notes.md 2>&1"),
        ];
        let found: Vec<(String, String)> = checks.iter().map(command).collect();
        for ((name, words), (expected_name, expected)) in found.iter().zip(expected) {
            assert_eq!((name.as_str(), words.as_str()), (expected_name, expected.trim_end_matches(" 2>&1")));
        }
        assert_eq!(found.len(), 3);
    }
}
