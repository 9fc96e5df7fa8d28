//! Tools that the environment lacks, installed beside it.

use super::ToolVersion;
use repair_core::Interpreter;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// What may be installed, by program: packages that come as wheels, which run nothing when they are installed.
const PACKAGES: &[(&str, &str)] = &[
    ("autoflake", "autoflake"),
    ("autopep8", "autopep8"),
    ("black", "black"),
    ("check-ast", "pre-commit-hooks"),
    ("check-json", "pre-commit-hooks"),
    ("check-toml", "pre-commit-hooks"),
    ("check-yaml", "pre-commit-hooks"),
    ("codespell", "codespell"),
    ("debug-statement-hook", "pre-commit-hooks"),
    ("docformatter", "docformatter"),
    ("double-quote-string-fixer", "pre-commit-hooks"),
    ("end-of-file-fixer", "pre-commit-hooks"),
    ("fix-byte-order-marker", "pre-commit-hooks"),
    ("flake8", "flake8"),
    ("isort", "isort"),
    ("mixed-line-ending", "pre-commit-hooks"),
    ("mypy", "mypy"),
    ("pycln", "pycln"),
    ("pycodestyle", "pycodestyle"),
    ("pydocstyle", "pydocstyle"),
    ("pyflakes", "pyflakes"),
    ("pylint", "pylint"),
    ("pyupgrade", "pyupgrade"),
    ("ruff", "ruff"),
    ("trailing-whitespace-fixer", "pre-commit-hooks"),
    ("yapf", "yapf"),
];

/// A folder in which tools are installed, one virtual environment for each version, and kept.
#[derive(Debug, Clone)]
pub struct ToolCache {
    folder: PathBuf,
}

impl ToolCache {
    /// A cache in `folder`, which is made when it is needed.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The package that has this program, if it is one that can be installed.
    pub fn package_of(program: &str) -> Option<&'static str> {
        PACKAGES.iter().find(|(name, _)| *name == program).map(|(_, package)| *package)
    }

    /// The folder with the executable `program` of this version of its package, which pip installs from wheels alone if
    /// need be.
    ///
    /// Nothing of the repository runs. The error says what pip said.
    pub async fn install(
        &self,
        program: &str,
        version: &ToolVersion,
        interpreter: &Interpreter,
    ) -> Result<PathBuf, String> {
        let unknown = || format!("`{program}` is not among the tools that can be installed");
        let package = Self::package_of(program).ok_or_else(unknown)?;
        let python = interpreter.version().unwrap_or("3");
        let home = self.folder.join(format!("{package}-{}-py{python}", version.version));
        let bin = home.join("bin");
        if !bin.join(program).is_file() {
            run(interpreter.program(), &["-m", "venv", "--clear", &home.to_string_lossy()]).await?;
            let requirement = format!("{package}=={}", version.version);
            let pip =
                ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:", &requirement];
            run(&bin.join("python"), &pip).await?;
        }
        Ok(bin)
    }
}

#[expect(clippy::disallowed_methods, reason = "installs a known tool; nothing of the repository runs")]
async fn run(program: &Path, arguments: &[&str]) -> Result<(), String> {
    let output =
        Command::new(program).args(arguments).current_dir("/").stdin(Stdio::null()).kill_on_drop(true).output().await;
    let output = output.map_err(|error| format!("`{}` cannot be run: {error}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it failed and said nothing").to_owned())
}
