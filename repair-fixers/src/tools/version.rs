//! Which version of a tool the failed job used.

use repair_core::{Log, RepoPath, Snapshot};
use toml_edit::Document;
use yaml_serde::Value;

/// A version of a tool, and where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToolVersion {
    /// The version, such as `24.4.2`.
    pub version: String,
    /// Where it was found, as a sentence fragment.
    pub found_in: String,
}

/// The version of `tool` that the failed job used: what its log says was installed, else what a lock file, the
/// pre-commit configuration or a requirement pins, in that order.
pub fn version_in_use(tool: &str, log: &Log, snapshot: &Snapshot) -> Option<ToolVersion> {
    let found = |version: String, place: &str| ToolVersion { version, found_in: place.to_owned() };
    if let Some(version) = log.packages.get(tool).and_then(|installed| version(installed)) {
        return Some(found(version, "the log"));
    }
    let texts = |wanted: fn(&str) -> bool| {
        let paths = snapshot.paths().filter(move |path| wanted(path.file_name()) && path.components().count() <= 2);
        paths.filter_map(|path| Some((path, snapshot.text(path).ok()?)))
    };
    let locks = texts(|name| matches!(name, "uv.lock" | "poetry.lock" | "pdm.lock" | "pylock.toml"));
    let hooks = texts(|name| matches!(name, ".pre-commit-config.yaml" | ".pre-commit-config.yml"));
    let pins =
        texts(|name| name.contains("requirements") || matches!(name, "pyproject.toml" | "setup.cfg" | "tox.ini"));
    let of = |(path, version): (&RepoPath, String)| found(version, &format!("`{path}`"));
    locks
        .filter_map(|(path, text)| Some((path, locked(tool, text)?)))
        .chain(hooks.filter_map(|(path, text)| Some((path, hook(tool, text)?))))
        .chain(pins.filter_map(|(path, text)| Some((path, pinned(tool, text)?))))
        .map(of)
        .next()
}

/// The version of a `[[package]]` or `[[packages]]` entry.
fn locked(tool: &str, text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let packages = document.get("package").or(document.get("packages"))?.as_array_of_tables()?;
    let named = packages.iter().find(|package| package.get("name").and_then(|name| name.as_str()) == Some(tool))?;
    version(named.get("version")?.as_str()?)
}

/// The `rev` of the hook repository that provides the tool.
fn hook(tool: &str, text: &str) -> Option<String> {
    let document: Value = yaml_serde::from_str(text).ok()?;
    let repositories = document.get("repos")?.as_sequence()?;
    let provides = |repository: &&Value| {
        let url = repository.get("repo").and_then(Value::as_str).unwrap_or_default();
        let name = url.trim_end_matches(".git").rsplit('/').next().unwrap_or_default();
        let stem =
            name.trim_start_matches("mirrors-").trim_end_matches("-pre-commit").trim_end_matches("-pre-commit-mirror");
        stem == tool || name == "black-pre-commit-mirror" && tool == "black"
    };
    version(repositories.iter().find(provides)?.get("rev")?.as_str()?.trim_start_matches('v'))
}

/// The version of an exact requirement, wherever it stands: `black==24.4.2`, `"black[jupyter] == 24.4.2"`.
fn pinned(tool: &str, text: &str) -> Option<String> {
    text.match_indices(tool).find_map(|(start, _)| {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let rest = &text[start + tool.len()..];
        let rest = rest.strip_prefix('[').and_then(|extras| Some(extras.split_once(']')?.1)).unwrap_or(rest);
        let pin = rest.trim_start_matches(' ').strip_prefix("==").filter(|_| !text[..start].ends_with(is_name))?;
        let pin = pin.trim_start_matches([' ', '=']);
        version(&pin[..pin.find(|c: char| !is_name(c)).unwrap_or(pin.len())])
    })
}

/// The text if it is a plain version, such that it can go into a command.
fn version(text: &str) -> Option<String> {
    let digits_first = text.starts_with(|c: char| c.is_ascii_digit());
    let plain = digits_first && !text.ends_with('.') && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    plain.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logs::read;
    use repair_core::testing::Fixture;

    #[track_caller]
    fn check(tool: &str, log: &str, files: &str, expected: Option<(&str, &str)>) {
        let log = read(log.as_bytes()).unwrap();
        let found = version_in_use(tool, &log, &Fixture::new(files).snapshot);
        let found = found.as_ref().map(|found| (found.version.as_str(), found.found_in.as_str()));
        assert_eq!(found, expected);
    }

    const LOCK: &str = "#- uv.lock\n[[package]]\nname = \"black\"\nversion = \"23.1.0\"\n";
    const HOOKS: &str = "#- .pre-commit-config.yaml\nrepos:\n- repo: https://github.com/astral-sh/ruff-pre-commit\n  rev: v0.4.1\n  hooks: []\n";

    #[test]
    fn the_log_goes_before_the_lock_file_and_that_before_the_rest() {
        let rest = format!("{LOCK}{HOOKS}#- requirements-dev.txt\nblack==22.1.0\nflake8[x] == 6.0.0\n#- a.py\n");
        check("black", "Successfully installed black-24.4.2 click-8.1.7\n", &rest, Some(("24.4.2", "the log")));
        check("black", "  + black==24.4.2\n", &rest, Some(("24.4.2", "the log")));
        check("black", "nothing\n", &rest, Some(("23.1.0", "`uv.lock`")));
        check("ruff", "nothing\n", &rest, Some(("0.4.1", "`.pre-commit-config.yaml`")));
        check("flake8", "nothing\n", &rest, Some(("6.0.0", "`requirements-dev.txt`")));
        check("isort", "nothing\n", &rest, None);
    }

    #[test]
    fn what_is_no_plain_version_is_not_taken() {
        check("black", "nothing\n", "#- requirements.txt\nblack==24.*\nmyblack==1.0\nblack>=2\n", None);
        check("black", "Successfully installed black-24;rm black_x-1\n", "#- a.py\n", None);
    }
}
