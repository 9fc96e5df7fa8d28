//! What a project can be checked with when there is no log.

use super::short_name;
use crate::python::syntax_problem;
use repair_core::{Category, Check, Failure, RepoPath, Snapshot, Span};

/// The checks that the project's configuration files name, cheapest first.
///
/// Whether the tools are installed is for the caller to find out: see [`crate::shell::Script::invocations`].
pub fn configured(snapshot: &Snapshot) -> Vec<Check> {
    let sources: Vec<(&RepoPath, &str)> = ["pyproject.toml", "setup.cfg", "tox.ini"]
        .iter()
        .filter_map(|name| snapshot.paths().find(|path| path.as_str() == *name))
        .filter_map(|path| Some((path, snapshot.text(path).ok()?)))
        .collect();
    let mentions =
        |section: &str| sources.iter().any(|(_, text)| text.lines().any(|line| line.trim_start().starts_with(section)));
    let has = |names: &[&str]| snapshot.paths().any(|path| names.contains(&path.as_str()));
    let table: [(&str, bool); 6] = [
        ("ruff check .", mentions("[tool.ruff") || has(&["ruff.toml", ".ruff.toml"])),
        ("black --check .", mentions("[tool.black")),
        ("isort --check-only .", mentions("[tool.isort") || mentions("[isort]") || has(&[".isort.cfg"])),
        ("flake8", mentions("[flake8]") || has(&[".flake8"])),
        ("mypy .", mentions("[tool.mypy") || mentions("[mypy") || has(&["mypy.ini", ".mypy.ini"])),
        ("python -m pytest", snapshot.paths().any(is_test)),
    ];
    table
        .into_iter()
        .filter(|(_, configured)| *configured)
        .map(|(command, _)| Check { name: short_name(command), command: command.to_owned(), ..Check::default() })
        .collect()
}

fn is_test(path: &RepoPath) -> bool {
    let name = path.file_name();
    name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py"))
}

/// Every Python file that does not parse, as a failure at the place of its first problem.
pub fn unparsable(snapshot: &Snapshot) -> Vec<Failure> {
    let python = snapshot.paths().filter(|path| matches!(path.extension(), Some("py" | "pyi")));
    python.filter_map(|path| problem(path, snapshot.text(path).ok()?)).collect()
}

fn problem(path: &RepoPath, text: &str) -> Option<Failure> {
    let problem = syntax_problem(text)?;
    let mut failure = Failure::new(Category::Syntax, "python");
    let line_start = text[..problem.offset.min(text.len())].rfind('\n').map_or(0, |end| end + 1);
    failure.line = Some(Span::line_of(text, problem.offset));
    failure.column = u32::try_from(problem.offset - line_start + 1).ok();
    failure.code = Some("SyntaxError".to_owned());
    failure.message = Some(problem.message);
    failure.path = Some(path.clone());
    Some(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use repair_core::testing::Fixture;

    #[test]
    fn configuration_names_the_checks() {
        let fixture = Fixture::new("#- pyproject.toml\n[tool.ruff]\n[tool.mypy]\n#- tests/test_a.py\n#- .flake8\n");
        let commands: Vec<String> = configured(&fixture.snapshot).into_iter().map(|check| check.command).collect();
        assert_eq!(commands, ["ruff check .", "flake8", "mypy .", "python -m pytest"]);
        assert_eq!(configured(&Fixture::new("#- a.py\n").snapshot), []);
    }

    #[test]
    fn files_that_do_not_parse_are_failures() {
        let fixture = Fixture::new("#- good.py\nx = 1\n#- bad.py\nx = 1\nif x\n    y\n#- notes.txt\n(((\n");
        let failures = unparsable(&fixture.snapshot);
        assert_eq!(failures.len(), 1);
        assert_eq!(failures[0].path.as_ref().map(RepoPath::as_str), Some("bad.py"));
        assert_eq!((failures[0].line, failures[0].column), (Some(2), Some(5)));
    }
}
