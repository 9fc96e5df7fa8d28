//! Which commands prove a repair: those that failed in a log, or those that a project configures.

mod discover;
mod equivalent;
mod from_log;
mod narrow;
mod pre_commit;
mod workflow;

pub use discover::{configured, unparsable};
pub use equivalent::equivalent;
pub use from_log::from_log;
pub use narrow::narrow;

use crate::shell::Script;

/// What the project's linters, formatters and type checkers are called. They are quick and change nothing.
const LINTERS: &[&str] = &[
    "black",
    "codespell",
    "flake8",
    "isort",
    "mypy",
    "pycodestyle",
    "pydocstyle",
    "pyflakes",
    "pylint",
    "pyright",
    "ruff",
];

/// Whether a command runs linters and nothing else.
pub fn is_only_linters(command: &str) -> bool {
    let script = Script::parse(command);
    script.invocations().next().is_some() && script.invocations().all(|call| LINTERS.contains(&call.tool))
}

/// The first line of a command, cut to a length that fits a report.
pub fn short_name(command: &str) -> String {
    const LENGTH: usize = 72;
    let line = command.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}
