//! Tools that the environment lacks, installed beside it.

use super::ToolVersion;
use crate::dependency::normalized;
use repair_core::Interpreter;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tempfile::TempDir;
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
    python: PathBuf,
}

impl ToolCache {
    /// A cache in `folder`, which is made when it is needed; `python` is an interpreter that has pip and venv, and is
    /// none of the repository's.
    pub fn new(folder: PathBuf, python: PathBuf) -> Self {
        Self { folder, python }
    }

    /// The package that has this program, if it is one that can be installed.
    pub fn package_of(program: &str) -> Option<&'static str> {
        PACKAGES.iter().find(|(name, _)| *name == program).map(|(_, package)| *package)
    }

    /// The folder with the executable `program` of this version of its package, which pip installs from wheels alone if
    /// need be.
    ///
    /// Nothing of the repository runs. The error says what pip said.
    pub async fn install(&self, program: &str, version: &ToolVersion) -> Result<PathBuf, String> {
        let unknown = || format!("`{program}` is not among the tools that can be installed");
        let package = Self::package_of(program).ok_or_else(unknown)?;
        let home = self.folder.join(format!("{package}-{}", version.version));
        let bin = home.join("bin");
        if !bin.join(program).is_file() {
            run(&self.python, ["-m", "venv", "--clear", &home.to_string_lossy()]).await?;
            let requirement = format!("{package}=={}", version.version);
            pip(&bin.join("python"), &["--quiet", "--only-binary=:all:"], &[requirement]).await?;
        }
        Ok(bin)
    }

    /// A new folder in the cache that goes when it is dropped.
    pub(super) fn scratch(&self, prefix: &str) -> std::io::Result<TempDir> {
        std::fs::create_dir_all(&self.folder)?;
        tempfile::Builder::new().prefix(prefix).tempdir_in(&self.folder)
    }

    /// Installs `wanted` and what they need beside what is `present`, for `interpreter`, into `target`.
    pub(super) async fn install_packages(
        &self,
        wanted: &BTreeSet<String>,
        present: &BTreeSet<String>,
        interpreter: &Interpreter,
        target: &Path,
    ) -> Result<(), String> {
        let target = target.to_string_lossy();
        let version = interpreter.version().unwrap_or_default().split('.').take(2).collect::<Vec<_>>().join(".");
        let mut options = vec!["--quiet", "--only-binary=:all:", "--target", &target];
        if !version.is_empty() {
            options.extend(["--python-version", &version]);
        }
        let wanted: Vec<String> = wanted.iter().cloned().collect();
        let plan = [options.as_slice(), &["--dry-run", "--report", "-"]].concat();
        let needed = resolved(&pip(&self.python, &plan, &wanted).await?).ok_or("pip's report cannot be read")?;
        let missing: Vec<String> = needed
            .into_iter()
            .filter(|(name, _)| !present.contains(name))
            .map(|(name, version)| format!("{name}=={version}"))
            .collect();
        let alone = [options.as_slice(), &["--no-deps"]].concat();
        if missing.is_empty() { Ok(()) } else { pip(&self.python, &alone, &missing).await.map(drop) }
    }
}

/// The distributions of pip's installation report, by normalized name, with their versions.
fn resolved(report: &str) -> Option<Vec<(String, String)>> {
    let report: Value = serde_json::from_str(report).ok()?;
    let one = |entry: &Value| {
        let text = |key: &str| entry.get("metadata")?.get(key)?.as_str().map(str::to_owned);
        Some((normalized(&text("name")?), text("version")?))
    };
    report.get("install")?.as_array()?.iter().map(one).collect()
}

async fn pip(python: &Path, options: &[&str], requirements: &[String]) -> Result<String, String> {
    let fixed = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input"];
    let requirements = requirements.iter().map(String::as_str);
    run(python, fixed.into_iter().chain(options.iter().copied()).chain(["--"]).chain(requirements)).await
}

#[expect(clippy::disallowed_methods, reason = "installs wheels; nothing of the repository runs")]
async fn run<'a>(program: &Path, arguments: impl IntoIterator<Item = &'a str>) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir("/").stdin(Stdio::null()).kill_on_drop(true);
    let output = command.output().await.map_err(|error| format!("`{}` cannot be run: {error}", program.display()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it failed and said nothing").to_owned())
}
