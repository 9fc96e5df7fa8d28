//! Which commands prove a repair: those that failed in a log, or those that a project configures.

mod discover;
mod equivalent;
mod from_log;
mod narrow;

pub use discover::{configured, unparsable};
pub use equivalent::equivalent;
pub use from_log::from_log;
pub use narrow::narrow;

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

/// The first line of a command, cut to a length that fits a report.
fn short_name(command: &str) -> String {
    const LENGTH: usize = 72;
    let line = command.trim().lines().next().unwrap_or_default();
    match line.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// `text` as one word of a POSIX shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@,+[]".contains(c);
    match !text.is_empty() && text.chars().all(plain) && !text.contains(['[', ']']) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}
