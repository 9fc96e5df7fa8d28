//! What a step's command is for.

use repair_core::{Category, Step};

/// Programs and what it means when they fail, most telling first.
const PURPOSES: [(&str, Category); 44] = [
    ("mypy", Category::TypeCheck),
    ("pyright", Category::TypeCheck),
    ("pyre", Category::TypeCheck),
    ("ruff", Category::Quality),
    ("flake8", Category::Quality),
    ("pylint", Category::Quality),
    ("black", Category::Quality),
    ("isort", Category::Quality),
    ("pycodestyle", Category::Quality),
    ("pydocstyle", Category::Quality),
    ("pre-commit", Category::Quality),
    ("codespell", Category::Quality),
    ("twine check", Category::Build),
    ("bandit", Category::Security),
    ("pip-audit", Category::Security),
    ("safety", Category::Security),
    ("sphinx-build", Category::Documentation),
    ("mkdocs", Category::Documentation),
    ("docs", Category::Documentation),
    ("coverage report", Category::Coverage),
    ("codecov", Category::Infrastructure),
    ("pytest", Category::Test),
    ("py.test", Category::Test),
    ("unittest", Category::Test),
    ("nosetests", Category::Test),
    ("manage.py test", Category::Test),
    ("tox", Category::Test),
    ("nox", Category::Test),
    ("setup.py test", Category::Test),
    ("pip install", Category::Dependency),
    ("pip3 install", Category::Dependency),
    ("pip sync", Category::Dependency),
    ("uv sync", Category::Dependency),
    ("uv lock", Category::Dependency),
    ("poetry install", Category::Dependency),
    ("poetry lock", Category::Dependency),
    ("pipenv install", Category::Dependency),
    ("pdm install", Category::Dependency),
    ("conda", Category::Dependency),
    ("setup.py", Category::Build),
    ("python -m build", Category::Build),
    (" build", Category::Build),
    ("apt-get", Category::Infrastructure),
    ("docker", Category::Infrastructure),
];

/// The category of a failure of which only the command is known.
pub(super) fn category(step: &Step) -> Option<Category> {
    purpose(step.command.as_deref()?).map(|(_, category)| category)
}

/// The program that failed, as far as the command tells.
pub(super) fn tool(command: &str) -> Option<String> {
    purpose(command).and_then(|(program, _)| program.split_whitespace().next().map(str::to_owned)).or_else(|| {
        let last = command.lines().rev().find(|line| !line.trim().is_empty())?;
        let word = last.split_whitespace().find(|word| !word.contains('=') && *word != "sudo")?;
        word.rsplit('/').next().filter(|word| !word.is_empty()).map(str::to_owned)
    })
}

/// Programs that run others, and say which.
const WRAPPERS: [&str; 17] = [
    "tox",
    "nox",
    "make",
    "gmake",
    "mingw32-make",
    "just",
    "task",
    "invoke",
    "inv",
    "hatch",
    "npm",
    "yarn",
    "pnpm",
    "poe",
    "docker",
    "docker-compose",
    "podman",
];

/// Whether a script's last command runs another one that is not named.
pub(super) fn is_wrapper(script: &str) -> bool {
    let last = script.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let words = last.split_whitespace().filter(|word| !word.contains('=')).take(4);
    words.filter_map(|word| word.rsplit('/').next()).any(|word| WRAPPERS.contains(&word))
}

/// Of several commands the last one with a known purpose: a shell stops at the first that fails, mostly the main one.
fn purpose(command: &str) -> Option<(&'static str, Category)> {
    let lines = command.lines().filter(|line| !line.trim_start().starts_with('#'));
    let parts = lines.flat_map(|line| line.split("&&").flat_map(|part| part.split(';')));
    parts.filter_map(purpose_of_one).last()
}

/// What one command is for. What is installed has a purpose too, but not here.
fn purpose_of_one(command: &str) -> Option<(&'static str, Category)> {
    let installs = |program: &str| program.ends_with(" install") || program.ends_with(" sync");
    let fits = |(program, _): &&(&'static str, Category)| contains_word(command, program);
    let install = PURPOSES.iter().filter(|(program, _)| installs(program)).find(fits);
    install.or_else(|| PURPOSES.iter().find(fits)).copied()
}

/// Whether `text` contains `part`, not inside a longer word.
fn contains_word(text: &str, part: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
    text.match_indices(part).any(|(at, _)| {
        let before = part.starts_with(' ') || !text[..at].ends_with(inside);
        before && !text[at + part.len()..].starts_with(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_have_purposes() {
        let of = |command: &str| {
            let mut step = Step::default();
            step.command = Some(command.to_owned());
            category(&step)
        };
        assert_eq!(of("pip install -e .\npytest -q"), Some(Category::Test));
        assert_eq!(of("python -m pip install black"), Some(Category::Dependency));
        assert_eq!(of("pip install black && black --check ."), Some(Category::Quality));
        assert_eq!(of("pip install -r requirements.txt"), Some(Category::Dependency));
        assert_eq!(of("python -m build"), Some(Category::Build));
        assert_eq!(of("./run.sh"), None);
        assert_eq!(of("mytox"), None);
    }

    #[test]
    fn wrappers_are_known_behind_others() {
        for script in ["tox -e py39", "pip install tox\npython -m tox", "CI=1 xvfb-run make test", "poetry run nox"] {
            assert!(is_wrapper(script), "{script}");
        }
        for script in ["pytest", "make x\npytest", "", "./make.sh"] {
            assert!(!is_wrapper(script), "{script}");
        }
    }

    #[test]
    fn the_tool_is_the_program() {
        assert_eq!(tool("poetry run pytest tests").as_deref(), Some("pytest"));
        assert_eq!(tool("A=1 ./scripts/run.sh x").as_deref(), Some("run.sh"));
        assert_eq!(tool(""), None);
    }
}
