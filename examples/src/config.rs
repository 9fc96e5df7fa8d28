//! The project's configuration: `ci-repair.toml`, or `[tool.ci-repair]` in `pyproject.toml`.

use anyhow::{Context, Result};
use repair_core::publish::PublishPolicy;
use repair_core::{Applicability, RepoPath, Snapshot};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// The configuration file. Command-line options win over it.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Config {
    /// The least level of fixes to try: `safe`, `unsafe` or `speculative`.
    pub(crate) allow: Option<Applicability>,
    /// Commands that must pass, instead of those that failed in the log.
    pub(crate) checks: Vec<String>,
    /// The interpreter or virtual environment, relative to the repository.
    pub(crate) python: Option<PathBuf>,
    /// How long one check may take, in seconds.
    pub(crate) check_timeout: Option<u64>,
    /// How long all of it may take, in seconds.
    pub(crate) timeout: Option<u64>,
    /// Ids of fixers that are not to be used.
    pub(crate) disable: Vec<String>,
    /// What may be published on GitHub. Read from the default branch alone.
    pub(crate) publish: Publish,
}

/// What may be published on GitHub: [`PublishPolicy`], as it is written down.
#[derive(Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(crate) struct Publish {
    partial: Option<bool>,
    suggest: Option<bool>,
    report: Option<bool>,
    open_pull_requests: Option<usize>,
    open_issues: Option<usize>,
    attempts: Option<u32>,
    per_day: Option<usize>,
    /// In seconds.
    cool_down: Option<u64>,
    /// Accounts that count as those who may write.
    pub(crate) trusted: Vec<String>,
}

impl Publish {
    /// The policy, with its defaults for what is not said.
    pub(crate) fn policy(self) -> PublishPolicy {
        let default = PublishPolicy::default();
        PublishPolicy {
            partial: self.partial.unwrap_or(default.partial),
            suggest: self.suggest.unwrap_or(default.suggest),
            report: self.report.unwrap_or(default.report),
            open_pull_requests: self.open_pull_requests.unwrap_or(default.open_pull_requests),
            open_issues: self.open_issues.unwrap_or(default.open_issues),
            attempts: self.attempts.unwrap_or(default.attempts),
            per_day: self.per_day.unwrap_or(default.per_day),
            cool_down: self.cool_down.map_or(default.cool_down, Duration::from_secs),
            trusted: self.trusted,
        }
    }
}

impl Config {
    /// Reads the configuration of a repository; the default if there is none.
    pub(crate) fn read(snapshot: &Snapshot) -> Result<Self> {
        if let Some(text) = text_of("ci-repair.toml", snapshot) {
            return toml_edit::de::from_str(text).context("cannot understand `ci-repair.toml`");
        }
        let Some(text) = text_of("pyproject.toml", snapshot) else { return Ok(Self::default()) };
        // A `pyproject.toml` that is broken is a failure to repair, not a configuration.
        let Ok(document) = toml_edit::Document::parse(text) else { return Ok(Self::default()) };
        match document.get("tool").and_then(|tool| tool.get("ci-repair")).and_then(|item| item.as_table()) {
            Some(table) => {
                let table = toml_edit::DocumentMut::from(table.clone()).to_string();
                toml_edit::de::from_str(&table).context("cannot understand `[tool.ci-repair]` in `pyproject.toml`")
            }
            None => Ok(Self::default()),
        }
    }
}

fn text_of<'a>(name: &str, snapshot: &'a Snapshot) -> Option<&'a str> {
    snapshot.text(&RepoPath::new(name).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<Config> {
        Config::read(&Snapshot::from_files([(RepoPath::new(name).unwrap(), text)]))
    }

    #[test]
    fn either_file_is_read() {
        let expected =
            Config { allow: Some(Applicability::Safe), checks: vec!["make test".into()], ..Config::default() };
        assert_eq!(read("ci-repair.toml", "allow = 'safe'\nchecks = ['make test']\n").unwrap(), expected);
        let text = "[tool.ci-repair]\nallow = 'safe'\nchecks = ['make test']\n[tool.black]\n";
        assert_eq!(read("pyproject.toml", text).unwrap(), expected);
        assert_eq!(read("pyproject.toml", "[broken").unwrap(), Config::default());
    }

    #[test]
    fn a_misspelled_key_is_named() {
        let error = format!("{:#}", read("ci-repair.toml", "alow = 'safe'\n").unwrap_err());
        assert!(error.contains("ci-repair.toml") && error.contains("alow") && error.contains("allow"), "{error}");
    }
}
