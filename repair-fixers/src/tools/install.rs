//! Tools that the environment lacks, installed beside it.

use super::ToolVersion;
use repair_core::Interpreter;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::process::Command;

/// What may be installed: tools that are packages of the same name, and come as wheels that run nothing when installed.
const INSTALLABLE: &[&str] = &[
    "autoflake",
    "black",
    "codespell",
    "docformatter",
    "flake8",
    "isort",
    "mypy",
    "pycln",
    "pycodestyle",
    "pydocstyle",
    "pyflakes",
    "pylint",
    "pyupgrade",
    "ruff",
    "yapf",
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

    /// Whether this is a tool that can be installed.
    pub fn has(tool: &str) -> bool {
        INSTALLABLE.contains(&tool)
    }

    /// The folder with the executable of this version of `tool`, which pip installs from wheels alone if need be.
    ///
    /// Nothing of the repository runs. The error says what pip said.
    pub async fn install(
        &self,
        tool: &str,
        version: &ToolVersion,
        interpreter: &Interpreter,
    ) -> Result<PathBuf, String> {
        if !Self::has(tool) {
            return Err(format!("`{tool}` is not among the tools that can be installed"));
        }
        let python = interpreter.version().unwrap_or("3");
        let home = self.folder.join(format!("{tool}-{}-py{python}", version.version));
        let bin = home.join("bin");
        if !bin.join(tool).is_file() {
            run(interpreter.program(), &["-m", "venv", "--clear", &home.to_string_lossy()]).await?;
            let requirement = format!("{tool}=={}", version.version);
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
