//! Which tools a command runs.

/// The tools that are known here, by the name of their program.
///
/// Sorted by program, for binary search.
const PROGRAMS: &[(&str, &str)] = &[
    ("add-trailing-comma", "add-trailing-comma"),
    ("autoflake", "autoflake"),
    ("autopep8", "autopep8"),
    ("bandit", "bandit"),
    ("basedpyright", "basedpyright"),
    ("black", "black"),
    ("black-jupyter", "black"),
    ("blacken-docs", "blacken-docs"),
    ("cibuildwheel", "cibuildwheel"),
    ("clang", "gcc"),
    ("codespell", "codespell"),
    ("conda", "conda"),
    ("coverage", "coverage"),
    ("coverage3", "coverage"),
    ("diff-cover", "diff-cover"),
    ("dmypy", "mypy"),
    ("doc8", "doc8"),
    ("docformatter", "docformatter"),
    ("flake8", "flake8"),
    ("g++", "gcc"),
    ("gcc", "gcc"),
    ("hatch", "hatch"),
    ("interrogate", "interrogate"),
    ("isort", "isort"),
    ("mamba", "conda"),
    ("micromamba", "conda"),
    ("mkdocs", "mkdocs"),
    ("mypy", "mypy"),
    ("pdm", "pdm"),
    ("pep257", "pydocstyle"),
    ("pep8", "pycodestyle"),
    ("pflake8", "flake8"),
    ("pip", "pip"),
    ("pip-audit", "pip-audit"),
    ("pip3", "pip"),
    ("pipenv", "pipenv"),
    ("poetry", "poetry"),
    ("pre-commit", "pre-commit"),
    ("prek", "pre-commit"),
    ("py.test", "pytest"),
    ("pycodestyle", "pycodestyle"),
    ("pydocstyle", "pydocstyle"),
    ("pyflakes", "pyflakes"),
    ("pylint", "pylint"),
    ("pylint3", "pylint"),
    ("pyre", "pyre"),
    ("pyrefly", "pyrefly"),
    ("pyright", "pyright"),
    ("pytest", "pytest"),
    ("pytype", "pytype"),
    ("pyupgrade", "pyupgrade"),
    ("reorder-python-imports", "reorder-python-imports"),
    ("ruff", "ruff"),
    ("ruff-check", "ruff"),
    ("ruff-format", "ruff"),
    ("ruff-lint", "ruff"),
    ("safety", "safety"),
    ("sphinx-apidoc", "sphinx"),
    ("sphinx-build", "sphinx"),
    ("tox", "tox"),
    ("twine", "twine"),
    ("ty", "ty"),
    ("typos", "typos"),
    ("unittest", "unittest"),
    ("uv", "uv"),
    ("yapf", "yapf"),
];

/// Tools that run others: that they are named says nothing about what else ran.
const RUNNERS: &[&str] = &["tox", "pre-commit", "hatch", "pdm", "poetry", "pipenv", "uv", "conda"];

/// Subcommands with which a runner does its own work and runs no other tool.
const OWN_WORK: &[&str] = &[
    "add", "build", "check", "export", "install", "lock", "pip", "publish", "remove", "sync", "update", "create", "env",
];

/// Programs of the shell that print no findings.
const HARMLESS: &[&str] = &[
    "", "cd", "echo", "export", "set", "source", ".", "mkdir", "git", "ls", "cat", "rm", "cp", "mv", "pwd", "true",
    "if", "fi", "then", "else", "for", "do", "done", "test", "[", "[[", "sudo", "apt-get", "apt", "brew", "unset",
    "which", "grep", "find", "sed", "printf", "env", "ulimit", "pushd", "popd", "curl", "wget", "tee", "}", "{",
];

/// What is known of the tools behind a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ran {
    /// Tools that the command names.
    pub(super) named: Vec<&'static str>,
    /// Whether others may have run as well: the command is not known, or runs a script.
    pub(super) open: bool,
}

impl Ran {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self { named: Vec::new(), open: true }
    }

    /// Exactly this tool ran, or anything if it is not known.
    pub(super) fn tool(name: &str) -> Self {
        match tool_named(name) {
            Some(tool) if !RUNNERS.contains(&tool) => Self { named: vec![tool], open: false },
            Some(tool) => Self { named: vec![tool], open: true },
            None => Self::unknown(),
        }
    }

    /// The tool behind a hook of pre-commit: its id is the tool's name, or has it as one of its words.
    pub(super) fn hook(id: &str) -> Self {
        let word = || id.split(['-', '_']).find(|word| tool_named(word).is_some_and(|tool| !RUNNERS.contains(&tool)));
        Self::tool(if tool_named(id).is_some() { id } else { word().unwrap_or(id) })
    }

    /// What `script` runs: a command, or several in lines.
    pub(super) fn of_script(script: &str) -> Self {
        let mut ran = Self::default();
        for command in script.split(['\n', ';', '|']).flat_map(|line| line.split("&&")) {
            ran.add(command);
        }
        ran.open |= ran.named.is_empty();
        ran
    }

    fn add(&mut self, command: &str) {
        let mut words = command.split_whitespace().map(basename).skip_while(|word| word.contains('=')).peekable();
        let program = words.peek().copied().unwrap_or_default();
        if matches!(program, "pip" | "pip3" | "pipx") || command.contains(" -m pip ") || command.contains("uv pip ") {
            self.note(if command.contains("uv pip ") { "uv" } else { "pip" });
            return;
        }
        let mut any = false;
        let mut after_runner = false;
        for word in words {
            let Some(tool) = tool_named(word) else {
                if after_runner && OWN_WORK.contains(&word) {
                    return;
                }
                continue;
            };
            any = true;
            self.note(tool);
            after_runner = RUNNERS.contains(&tool);
            self.open |= matches!(tool, "tox" | "pre-commit");
        }
        self.open |= !any && !HARMLESS.contains(&program) || after_runner;
    }

    fn note(&mut self, tool: &'static str) {
        if !self.named.contains(&tool) {
            self.named.push(tool);
        }
    }

    /// Whether the command names the tool.
    pub(super) fn names(&self, tool: &str) -> bool {
        self.named.contains(&tool)
    }

    /// Whether the tool may have run.
    pub(super) fn allows(&self, tool: &str) -> bool {
        self.open || self.names(tool)
    }
}

/// The tool whose program is `program`.
pub(super) fn tool_named(program: &str) -> Option<&'static str> {
    PROGRAMS.binary_search_by_key(&program, |(program, _)| program).ok().map(|index| PROGRAMS[index].1)
}

/// The last component of a program's path, without the quotes and `.exe` around it.
pub(super) fn basename(word: &str) -> &str {
    let word = word.trim_matches(['"', '\'', '`', '(', ')', '$', '@']);
    let word = memchr::memrchr2(b'/', b'\\', word.as_bytes()).map_or(word, |last| &word[last + 1..]);
    word.strip_suffix(".exe").unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(script: &str, named: &[&str], open: bool) {
        assert_eq!(
            Ran::of_script(script),
            Ran { named: named.iter().map(|name| tool_named(name).unwrap()).collect(), open }
        );
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(PROGRAMS.is_sorted_by_key(|(program, _)| program));
    }

    #[test]
    fn a_command_names_its_tools() {
        check("flake8 .", &["flake8"], false);
        check("python -m flake8 src", &["flake8"], false);
        check("cd src && ./.venv/bin/black --check .\nisort -c .", &["black", "isort"], false);
        check("git ls-files '*.py' | xargs black --check", &["black"], false);
        check("poetry run mypy src", &["poetry", "mypy"], false);
        check("FOO=1 uv run ruff check .", &["uv", "ruff"], false);
    }

    #[test]
    fn installing_a_tool_does_not_run_it() {
        check("pip install black flake8", &["pip"], false);
        check("python -m pip install ruff", &["pip"], false);
        check("uv pip install mypy", &["uv"], false);
        check("uv sync --group black", &["uv"], false);
    }

    #[test]
    fn the_id_of_a_hook_has_the_name_of_its_tool() {
        for (id, tool) in
            [("mypy", "mypy"), ("pyrefly-local", "pyrefly"), ("run_pylint", "pylint"), ("ruff-format", "ruff")]
        {
            assert_eq!(Ran::hook(id), Ran::tool(tool), "{id}");
        }
        assert_eq!(Ran::hook("check-yaml"), Ran::unknown());
    }

    #[test]
    fn scripts_may_run_anything() {
        check("make lint", &[], true);
        check("tox -e lint", &["tox"], true);
        check("./lint.sh", &[], true);
        check("python utils/check.py && pytest", &["pytest"], true);
        check("poetry run lint", &["poetry"], true);
    }
}
